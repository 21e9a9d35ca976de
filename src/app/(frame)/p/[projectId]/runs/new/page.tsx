import type { Metadata } from 'next';
import { LaunchPage } from '#components/launch/launch-page.tsx';
import { Hydrate, prefetch, trpc } from '#components/trpc/server.tsx';

export const metadata: Metadata = { title: 'Launch a run' };

export default async function NewRunPage({
  params,
  searchParams,
}: {
  params: Promise<{ projectId: string }>;
  searchParams: Promise<{ from?: string | string[]; weights?: string | string[] }>;
}) {
  const { projectId } = await params;
  const { from, weights } = await searchParams;
  const parent = typeof from === 'string' ? from : undefined;
  await prefetch(
    trpc.runs.launchInfo.queryOptions({ projectId }),
    ...(parent ? [trpc.runs.get.queryOptions({ runId: parent })] : []),
  );
  return (
    <Hydrate>
      <LaunchPage projectId={projectId} from={parent} withWeights={weights === 'best'} />
    </Hydrate>
  );
}
