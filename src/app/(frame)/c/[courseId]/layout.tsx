import { TRPCError } from '@trpc/server';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache, type ReactNode } from 'react';
import { CourseBar } from '#components/course/course-bar.tsx';
import { caller, getQueryClient, Hydrate, trpc } from '#components/trpc/server.tsx';

interface Props {
  params: Promise<{ courseId: string }>;
  children: ReactNode;
}

/** Null for one that does not exist or may not be seen. */
const load = cache(async (courseId: string) => {
  try {
    return await (await caller()).courses.get({ courseId });
  } catch (error) {
    if (error instanceof TRPCError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const found = await load((await params).courseId);
  if (!found) return { title: 'Nothing here' };
  const { name } = found;
  return { title: { default: name, template: `%s, ${name} | Holdout` } };
}

export default async function CourseLayout({ params, children }: Props) {
  const { courseId } = await params;
  const course = await load(courseId);
  if (!course) notFound();
  getQueryClient().setQueryData(trpc.courses.get.queryKey({ courseId }), course);
  return (
    <Hydrate>
      <CourseBar courseId={courseId} />
      <main id="main">{children}</main>
    </Hydrate>
  );
}
