import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTRPC } from '#components/trpc/client.tsx';

/** Shows a comparison that was just started: lists of runs and the frame's count of them are fetched anew. */
export function useOpenComparison(projectId: string): (started: { id: string }) => void {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  return ({ id }) => {
    for (const part of [trpc.runs, trpc.comparisons, trpc.projects]) void queries.invalidateQueries(part.pathFilter());
    router.push(`/p/${projectId}/runs/compared/${id}`);
  };
}
