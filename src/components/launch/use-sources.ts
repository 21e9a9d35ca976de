import { useQuery } from '@tanstack/react-query';
import { useParams } from 'next/navigation';
import { type Outputs, useTRPC } from '#components/trpc/client.tsx';
import { describeError } from '#components/ui/index.ts';

export type Source = Outputs['runs']['sources'][number];

interface Sources {
  projectId: string;
  /** undefined while they load, and where that failed */
  sources: Source[] | undefined;
  /** in a sentence; undefined where they are known */
  error: string | undefined;
  retry: () => void;
}

/** What runs of the page's project may start from. One request, however many ask. */
export function useSources(): Sources {
  const { projectId } = useParams<{ projectId: string }>();
  return { projectId, ...useSourcesOf(projectId) };
}

export function useSourcesOf(projectId: string): Omit<Sources, 'projectId'> {
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(trpc.runs.sources.queryOptions({ projectId }));
  return {
    sources: data,
    error: error && !data ? describeError(error).message : undefined,
    retry: () => void refetch(),
  };
}
