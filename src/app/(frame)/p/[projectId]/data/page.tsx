import type { Metadata } from 'next';
import { DataPage } from '#components/data/data-page.tsx';
import { Hydrate, prefetch, trpc } from '#components/trpc/server.tsx';

export const metadata: Metadata = { title: 'Data' };

export default async function Page({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  await prefetch(trpc.datasets.ofProject.queryOptions({ projectId }));
  return (
    <Hydrate>
      <DataPage projectId={projectId} />
    </Hydrate>
  );
}
