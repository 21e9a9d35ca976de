'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC, useTRPCClient } from '../trpc/client.tsx';
import { Button, ErrorState, PageHead, Skeleton } from '../ui/index.ts';
import { CourseDialog } from './course-dialog.tsx';
import { Invites } from './invites.tsx';
import { Members } from './members.tsx';
import { Teams } from './teams.tsx';

export function People({ courseId }: { courseId: string }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const query = useQuery(trpc.courses.get.queryOptions({ courseId }));
  const course = query.data;
  if (query.error) return <ErrorState error={query.error} retry={() => query.refetch()} />;
  if (!course) return <Skeleton />;
  const students = course.members.filter((member) => member.role === 'student').length;
  return (
    <>
      <PageHead
        title="People"
        about={`${course.members.length} in the course, ${students} of them students, in ${course.teams.length} ${course.teams.length === 1 ? 'team' : 'teams'}${course.term ? `; ${course.term}` : ''}`}
        actions={
          course.isInstructor && (
            <CourseDialog
              title="Course"
              action="Save"
              trigger={<Button>Rename course</Button>}
              value={{ name: course.name, term: course.term }}
              save={(value) => client.courses.update.mutate({ courseId, ...value })}
            />
          )
        }
      />
      <div className="sections mt-6">
        {course.isInstructor && <Invites course={course} />}
        <Teams course={course} />
        <Members course={course} />
      </div>
    </>
  );
}
