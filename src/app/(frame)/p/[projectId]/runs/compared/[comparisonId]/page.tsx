import { TRPCError } from '@trpc/server';
import type { Metadata } from 'next';
import { cache } from 'react';
import { ComparisonPage } from '#components/comparison/comparison-page.tsx';
import { caller, getQueryClient, Hydrate, trpc } from '#components/trpc/server.tsx';

interface Props {
  params: Promise<{ projectId: string; comparisonId: string }>;
}

/** Null where it can't be seen: the page says so itself. */
const load = cache(async (comparisonId: string) => {
  try {
    return await (await caller()).comparisons.get({ comparisonId });
  } catch (error) {
    if (error instanceof TRPCError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const found = await load((await params).comparisonId);
  return { title: found?.title ?? 'Comparison' };
}

export default async function Page({ params }: Props) {
  const { projectId, comparisonId } = await params;
  const found = await load(comparisonId);
  if (found) getQueryClient().setQueryData(trpc.comparisons.get.queryKey({ comparisonId }), found);
  return (
    <Hydrate>
      <ComparisonPage projectId={projectId} comparisonId={comparisonId} />
    </Hydrate>
  );
}
