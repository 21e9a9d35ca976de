import { useQuery } from '@tanstack/react-query';
import { useParams } from 'next/navigation';
import { type Outputs, useTRPC } from '#components/trpc/client.tsx';

export type Source = Outputs['runs']['sources'][number];

/** What runs of the page's project may start from; undefined while it loads. One request, however many ask. */
export function useSources(): { projectId: string; sources: Source[] | undefined; error: unknown } {
  const { projectId } = useParams<{ projectId: string }>();
  const trpc = useTRPC();
  const { data, error } = useQuery(trpc.runs.sources.queryOptions({ projectId }));
  return { projectId, sources: data, error };
}
