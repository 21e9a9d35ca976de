'use client';

import { useMutation } from '@tanstack/react-query';
import { useTRPC } from '#components/trpc/client.tsx';
import { Button, ErrorState } from '#components/ui/index.ts';
import { type ChangeId, changeId } from '#core/remedies/changes.ts';
import type { Comparison } from './comparison-page.tsx';
import { useOpenComparison } from './use-open-comparison.ts';

/** The same again over more seeds; what is trained already is taken over. */
export function MoreSeeds({ projectId, comparison }: { projectId: string; comparison: Comparison }) {
  const trpc = useTRPC();
  const onSuccess = useOpenComparison(projectId);
  const remedy = useMutation(trpc.comparisons.tryRemedy.mutationOptions({ onSuccess }));
  const ladder = useMutation(trpc.comparisons.ladder.mutationOptions({ onSuccess }));
  const { base, kind, runs, canWrite } = comparison;
  const seeds = new Set(runs.map((run) => run.seed)).size;
  const next = seeds < 3 ? 3 : seeds < 5 ? 5 : null;
  const change: ChangeId | undefined = changeId.safeParse(comparison.remedy).data;
  if (!base || !canWrite || next === null || (kind === 'remedy' && !change)) return null;
  const asked = kind === 'ladder' ? ladder : remedy;
  return (
    <>
      {asked.error && <ErrorState error={asked.error} />}
      <Button
        pending={asked.isPending}
        onClick={() =>
          kind === 'ladder'
            ? ladder.mutate({ runId: base.id, seeds: next })
            : remedy.mutate({ runId: base.id, remedy: change!, seeds: next })
        }
      >
        Repeat over {next} seeds
      </Button>
    </>
  );
}
