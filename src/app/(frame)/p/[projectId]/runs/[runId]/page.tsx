import { TRPCError } from '@trpc/server';
import type { Metadata } from 'next';
import { cache } from 'react';
import { RunPage } from '#components/run/run-page.tsx';
import { caller, getQueryClient, Hydrate, prefetch, trpc } from '#components/trpc/server.tsx';

interface Props {
  params: Promise<{ projectId: string; runId: string }>;
}

/** Null where it can't be seen: the page says so itself. */
const load = cache(async (runId: string) => {
  try {
    return await (await caller()).runs.get({ runId });
  } catch (error) {
    if (error instanceof TRPCError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const run = await load((await params).runId);
  return { title: run?.name ?? 'Run' };
}

export default async function Page({ params }: Props) {
  const { projectId, runId } = await params;
  const run = await load(runId);
  if (run) getQueryClient().setQueryData(trpc.runs.get.queryKey({ runId }), run);
  await prefetch(trpc.runs.seriesNames.queryOptions({ runIds: [runId] }));
  return (
    <Hydrate>
      <RunPage projectId={projectId} runId={runId} />
    </Hydrate>
  );
}
