import { ClassPage } from '#components/course/class-page.tsx';
import { TeamPage } from '#components/course/team-page.tsx';
import { caller, Hydrate, prefetch, trpc } from '#components/trpc/server.tsx';

/** The class for its staff, the own team for a student. */
export default async function CoursePage({
  params,
  searchParams,
}: {
  params: Promise<{ courseId: string }>;
  searchParams: Promise<{ new?: string }>;
}) {
  const { courseId } = await params;
  const course = await (await caller()).courses.get({ courseId });
  if (!course.isStaff) return <TeamPage courseId={courseId} newProject={(await searchParams).new === 'project'} />;
  await prefetch(trpc.courses.class.queryOptions({ courseId }));
  return (
    <Hydrate>
      <ClassPage courseId={courseId} />
    </Hydrate>
  );
}
