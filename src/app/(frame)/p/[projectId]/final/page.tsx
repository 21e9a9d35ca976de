import type { Metadata } from 'next';
import { FinalPage } from '#components/final/final-page.tsx';
import { Hydrate, prefetch, trpc } from '#components/trpc/server.tsx';

export const metadata: Metadata = { title: 'Final test' };

export default async function Page({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  await prefetch(trpc.final.get.queryOptions({ projectId }));
  return (
    <Hydrate>
      <FinalPage projectId={projectId} />
    </Hydrate>
  );
}
