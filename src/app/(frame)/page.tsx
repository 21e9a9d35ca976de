import { redirect } from 'next/navigation';
import { Home } from '#components/course/home.tsx';
import { caller } from '#components/trpc/server.tsx';

export default async function HomePage({ searchParams }: { searchParams: Promise<{ new?: string; all?: string }> }) {
  const { courses } = await (await caller()).people.frame();
  const query = await searchParams;
  const only = courses.length === 1 ? courses[0] : undefined;
  if (only && query.new === undefined && query.all === undefined) redirect(`/c/${only.id}`);
  return (
    <main id="main">
      <Home newCourse={query.new === 'course'} />
    </main>
  );
}
