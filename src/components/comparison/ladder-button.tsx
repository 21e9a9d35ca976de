'use client';

import { useMutation } from '@tanstack/react-query';
import { useTRPC } from '#components/trpc/client.tsx';
import { Button, ErrorState } from '#components/ui/index.ts';
import type { RunConfig } from '#core/config/run-config.ts';
import { useOpenComparison } from './use-open-comparison.ts';

interface Place {
  projectId: string;
  disabled?: boolean;
  /** how many it launches where none of them is trained already */
  runs: number;
}

/** The five sizes of a run that there is, or of a configuration, whose own size is launched first. */
export function LadderButton({
  projectId,
  disabled,
  runs,
  of,
}: Place & { of: { runId: string } | { datasetId: string; config: RunConfig; name: string } }) {
  const trpc = useTRPC();
  const launch = useMutation(trpc.runs.launch.mutationOptions());
  const ladder = useMutation(trpc.comparisons.ladder.mutationOptions({ onSuccess: useOpenComparison(projectId) }));
  const error = launch.error ?? ladder.error;

  async function go() {
    if ('runId' in of) return ladder.mutate({ runId: of.runId, seeds: 1 });
    const { runs } = await launch.mutateAsync({ projectId, ...of });
    ladder.mutate({ runId: runs[0]!.id, seeds: 1 });
  }

  return (
    <>
      <Button
        size="s"
        disabled={disabled}
        pending={launch.isPending || ladder.isPending}
        onClick={() => void go().catch(() => undefined)}
      >
        Launch {runs} runs: a ladder of sizes
      </Button>
      {error && <ErrorState error={error} />}
    </>
  );
}
