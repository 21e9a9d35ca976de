import type { Metadata } from 'next';
import { LIST_LIMIT } from '#components/runs/list-limit.ts';
import { RunsPage } from '#components/runs/runs-page.tsx';
import { Hydrate, prefetch, trpc } from '#components/trpc/server.tsx';

export const metadata: Metadata = { title: 'Runs' };

export default async function Page({
  params,
  searchParams,
}: {
  params: Promise<{ projectId: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { projectId } = await params;
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(await searchParams)) if (typeof value === 'string') search.set(key, value);
  await prefetch(trpc.runs.list.queryOptions({ projectId, limit: LIST_LIMIT }));
  return (
    <Hydrate>
      <RunsPage projectId={projectId} search={search.toString()} />
    </Hydrate>
  );
}
