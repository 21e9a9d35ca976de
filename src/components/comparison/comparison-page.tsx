'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useLive } from '#components/live/use-live.ts';
import { useThrottled } from '#components/runs/use-throttled.ts';
import { type Outputs, useTRPC } from '#components/trpc/client.tsx';
import { ButtonLink, ErrorState, PageHead, Progress, Skeleton } from '#components/ui/index.ts';
import { runId } from '#core/format/numbers.ts';
import { LadderView } from './ladder-view.tsx';
import { MoreSeeds } from './more-seeds.tsx';
import { RemedyView } from './remedy-view.tsx';

export type Comparison = Outputs['comparisons']['get'];

const RUNS_MS = 1_000;
/** What no event tells is looked up this often until every run is over. */
const QUIET_MS = 5_000;

export function ComparisonPage({ projectId, comparisonId }: { projectId: string; comparisonId: string }) {
  const trpc = useTRPC();
  const found = useQuery({
    ...trpc.comparisons.get.queryOptions({ comparisonId }),
    refetchInterval: ({ state }) => (state.data && state.data.done < state.data.runs.length ? QUIET_MS : false),
  });
  const open = found.data !== undefined && found.data.done < found.data.runs.length;
  const refresh = useThrottled(() => void found.refetch(), RUNS_MS);
  useLive(open ? { projectId } : null, refresh);
  if (!found.data)
    return (
      <>
        <PageHead title="Comparison" />
        {found.error ? <ErrorState error={found.error} retry={() => void found.refetch()} /> : <Skeleton lines={8} />}
      </>
    );
  const comparison = found.data;
  const { base, title, kind, runs, done } = comparison;
  const left = runs.length - done;
  return (
    <>
      <PageHead
        title={kind === 'ladder' ? 'Capacity ladder' : title}
        about={
          base && (
            <>
              {kind === 'ladder' ? 'Five widths of ' : 'Put into '}
              <Link href={`/p/${projectId}/runs/${base.id}`}>
                {runId(base.number)} {base.name}
              </Link>
              {kind === 'remedy' && `; ${comparison.otherwise}`}
            </>
          )
        }
        actions={
          <>
            <MoreSeeds projectId={projectId} comparison={comparison} />
            <ButtonLink href={`/p/${projectId}/runs?runs=${runs.map((run) => run.number).join(',')}`}>
              All their charts
            </ButtonLink>
          </>
        }
      />
      {found.error ? (
        <ErrorState error={found.error} retry={() => void found.refetch()} title="What you see may be old." />
      ) : null}
      {left > 0 && <Training comparison={comparison} left={left} />}
      {kind === 'ladder' ? (
        <LadderView projectId={projectId} comparison={comparison} />
      ) : (
        <RemedyView projectId={projectId} comparison={comparison} />
      )}
    </>
  );
}

function Training({ comparison: { runs }, left }: { comparison: Comparison; left: number }) {
  const epochs = runs.reduce((sum, run) => sum + run.epochs, 0);
  const over = (run: Comparison['runs'][number]) => !['queued', 'running'].includes(run.state);
  const done = runs.reduce((sum, run) => sum + (over(run) ? run.epochs : run.epoch), 0);
  const words = `${left} of ${runs.length} runs ${left === 1 ? 'has' : 'have'} not ended. Figures are of those that have.`;
  return (
    <div className="mt-4 grid max-w-[520px] gap-1.5">
      <Progress label="Epochs of all runs" value={done} max={epochs} />
      <p className="small two">{words}</p>
    </div>
  );
}
