import { Overview } from '#components/project/overview.tsx';
import { Hydrate, prefetch, trpc } from '#components/trpc/server.tsx';

export default async function OverviewPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  await prefetch(trpc.projects.overview.queryOptions({ projectId }));
  return (
    <Hydrate>
      <Overview projectId={projectId} />
    </Hydrate>
  );
}
