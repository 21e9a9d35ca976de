import type { Metadata } from 'next';
import { People } from '#components/course/people.tsx';
import { caller, Hydrate, prefetch, trpc } from '#components/trpc/server.tsx';

export const metadata: Metadata = { title: 'People' };

export default async function PeoplePage({ params }: { params: Promise<{ courseId: string }> }) {
  const { courseId } = await params;
  const course = await (await caller()).courses.get({ courseId });
  if (course.isInstructor) await prefetch(trpc.invites.list.queryOptions({ courseId }));
  return (
    <Hydrate>
      <People courseId={courseId} />
    </Hydrate>
  );
}
