'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useTRPC, useTRPCClient } from '../trpc/client.tsx';
import { Button, EmptyState, ErrorState, PageHead, Skeleton, TableRegion } from '../ui/index.ts';
import { CourseDialog } from './course-dialog.tsx';
import { TrySample } from './try-sample.tsx';

/** Every course that the person may see. */
export function Home({ newCourse }: { newCourse: boolean }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const router = useRouter();
  const frame = useQuery(trpc.people.frame.queryOptions());
  if (frame.error) return <ErrorState error={frame.error} retry={() => frame.refetch()} />;
  if (!frame.data) return <Skeleton />;
  const { courses, mayCreateCourse } = frame.data;
  const add = mayCreateCourse && (
    <CourseDialog
      open={newCourse}
      title="New course"
      action="Create course"
      trigger={
        <Button variant={courses.length === 0 ? 'go' : 'plain'}>
          <Plus className="i" aria-hidden />
          New course
        </Button>
      }
      save={async (course) => {
        const { id } = await client.courses.create.mutate(course);
        router.push(`/c/${id}`);
      }}
    />
  );
  if (courses.length === 0) {
    return mayCreateCourse ? (
      <EmptyState
        title="No course yet"
        action={
          <>
            {add}
            <TrySample courseId={null} />
          </>
        }
      >
        A course has teams, teams have projects, and each project keeps one data set honest. Create a course, then
        invite its people with a link.
      </EmptyState>
    ) : (
      <EmptyState title="You are in no course yet">
        Open the invitation link that your instructor has sent you, or ask for one.
      </EmptyState>
    );
  }
  return (
    <>
      <PageHead title="Courses" actions={add || undefined} />
      <TableRegion label="Courses" className="mt-4">
        <table>
          <thead>
            <tr>
              <th scope="col">Course</th>
              <th scope="col">Term</th>
              <th scope="col">You are</th>
              <th scope="col" className="n">
                Projects
              </th>
              <th scope="col" className="n">
                People
              </th>
            </tr>
          </thead>
          <tbody>
            {courses.map((course) => (
              <tr key={course.id}>
                <td>
                  <Link href={`/c/${course.id}`}>
                    <b>{course.name}</b>
                  </Link>
                </td>
                <td className="two">{course.term}</td>
                <td className="two">{course.role ?? 'administrator'}</td>
                <td className="n">{course.projects.length}</td>
                <td className="n">{course.people}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableRegion>
    </>
  );
}
