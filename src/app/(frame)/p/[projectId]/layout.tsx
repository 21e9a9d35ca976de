import { TRPCError } from '@trpc/server';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache, type ReactNode } from 'react';
import { ProjectBar } from '#components/frame/project-bar.tsx';
import { caller, getQueryClient, Hydrate, trpc } from '#components/trpc/server.tsx';

interface Props {
  params: Promise<{ projectId: string }>;
  children: ReactNode;
}

/** Null for one that does not exist or may not be seen. */
const load = cache(async (projectId: string) => {
  try {
    return await (await caller()).projects.get({ projectId });
  } catch (error) {
    if (error instanceof TRPCError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const found = await load((await params).projectId);
  if (!found) return { title: 'Nothing here' };
  const { name } = found;
  return { title: { default: name, template: `%s, ${name} | Holdout` } };
}

/** The project's bar above each of its pages and <main> around it. */
export default async function ProjectLayout({ params, children }: Props) {
  const { projectId } = await params;
  const project = await load(projectId);
  if (!project) notFound();
  getQueryClient().setQueryData(trpc.projects.get.queryKey({ projectId }), project);
  return (
    <Hydrate>
      <ProjectBar projectId={projectId} />
      <main id="main">{children}</main>
    </Hydrate>
  );
}
