'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useEffect, useMemo } from 'react';
import { useLive } from '#components/live/use-live.ts';
import { useSeries } from '#components/runs/use-series.ts';
import { useThrottled } from '#components/runs/use-throttled.ts';
import { type Outputs, useTRPC } from '#components/trpc/client.tsx';
import { ErrorState, inRunColour, PageHead, Skeleton, Tabs } from '#components/ui/index.ts';
import { isOver } from '#core/run/lifecycle.ts';
import { isCheck } from '#core/run/modes.ts';
import { EpochRuler } from './epoch-ruler.tsx';
import { withLivePoints } from './live-points.ts';
import { RunCheck } from './run-check.tsx';
import { RunConfigTab } from './run-config-tab.tsx';
import { RunCurves } from './run-curves.tsx';
import { RunEndedEarly } from './run-ended-early.tsx';
import { RunFacts } from './run-facts.tsx';
import { RunFilesTab } from './run-files-tab.tsx';
import { RunHead } from './run-head.tsx';
import { RunItemsTab } from './run-items-tab.tsx';
import { RunLogTab } from './run-log-tab.tsx';
import { RunModelTab } from './run-model-tab.tsx';
import { RunReadouts } from './run-readouts.tsx';
import { RunSystemTab } from './run-system-tab.tsx';
import { RunWeightsTab } from './run-weights-tab.tsx';

export type RunDetail = Outputs['runs']['get'];
export type RunDiagnosis = NonNullable<Outputs['runs']['diagnosis']>;

const TABS = [
  { id: 'curves', label: 'Curves' },
  { id: 'items', label: 'Items' },
  { id: 'weights', label: 'Weights' },
  { id: 'model', label: 'Model' },
  { id: 'configuration', label: 'Configuration' },
  { id: 'system', label: 'System' },
  { id: 'log', label: 'Log' },
  { id: 'files', label: 'Files' },
] as const;

const BY_LAYER = /^(weight_norm|update_ratio)\//;
/** Points may come this often while it trains; the rest of the page less often. */
const POINTS_MS = 250;
const RUN_MS = 1_000;
/** What no event tells is looked up this often until the run is over. */
const QUIET_MS = 4_000;

export function RunPage({ projectId, runId }: { projectId: string; runId: string }) {
  const trpc = useTRPC();
  const run = useQuery({
    ...trpc.runs.get.queryOptions({ runId }),
    // Its place in the queue moves with other people's runs, and a lost trainer says nothing: no event of this run tells either.
    refetchInterval: ({ state }) => (state.data && !isOver(state.data.state) ? QUIET_MS : false),
  });
  if (run.error && !run.data)
    return (
      <>
        <PageHead title="Run" />
        <ErrorState error={run.error} retry={() => void run.refetch()} />
      </>
    );
  if (!run.data)
    return (
      <>
        <PageHead title="Run" />
        <Skeleton lines={8} />
      </>
    );
  return <Loaded projectId={projectId} run={run.data} refetch={() => void run.refetch()} stale={run.error} />;
}

function Loaded({
  projectId,
  run: stored,
  refetch,
  stale,
}: {
  projectId: string;
  run: RunDetail;
  refetch: () => void;
  stale: unknown;
}) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const tab = useSearchParams().get('tab') ?? 'curves';
  const names = useQuery(trpc.runs.seriesNames.queryOptions({ runIds: [stored.id] }));
  // Two a layer, of which there may be hundreds: the tab that shows them fetches them.
  const ofRun = useMemo(() => (names.data ?? []).filter((name) => !BY_LAYER.test(name)), [names.data]);
  const series = useSeries([stored], ofRun);
  const diagnosis = useQuery(trpc.runs.diagnosis.queryOptions({ runId: stored.id }));
  const over = isOver(stored.state);
  const check = isCheck(stored.config);
  const points = series.data.get(stored.id);
  const run = useMemo(() => withLivePoints(stored, points), [stored, points]);

  const refreshRun = useThrottled(() => {
    refetch();
    void diagnosis.refetch();
    if (tab === 'files') void queries.invalidateQueries(trpc.runs.checkpoints.pathFilter());
    if (tab === 'log') void queries.invalidateQueries(trpc.runs.log.pathFilter());
    // A series that is logged for the first time has a name that isn't known yet.
    void names.refetch();
  }, RUN_MS);
  const refreshPoints = useThrottled(() => series.more(), POINTS_MS);
  useLive(over ? null : { runId: stored.id }, () => {
    refreshRun();
    refreshPoints();
  });
  // The last points and files may be written after the event that ended it was heard.
  const { more } = series;
  useEffect(() => {
    if (!over) return;
    more();
    void queries.invalidateQueries(trpc.runs.diagnosis.queryFilter({ runId: stored.id }));
    void queries.invalidateQueries(trpc.runs.artifacts.pathFilter());
    void queries.invalidateQueries(trpc.runs.checkpoints.pathFilter());
    void queries.invalidateQueries(trpc.runs.items.pathFilter());
    void queries.invalidateQueries(trpc.runs.worstPictures.pathFilter());
    void queries.invalidateQueries(trpc.runs.log.pathFilter());
  }, [over, more, queries, trpc, stored.id]);

  return (
    <>
      <RunHead projectId={projectId} run={run} onChange={refetch} />
      <RunReadouts run={run} />
      {run.startedAt && !check && <EpochRuler run={run} />}
      {run.message && run.stopReason !== 'completed' && (
        <p className={run.state === 'failed' ? 'bad py-2' : 'two py-2'}>{run.message}</p>
      )}
      <RunEndedEarly projectId={projectId} run={run} />
      {stale ? <ErrorState error={stale} retry={refetch} title="What you see may be old." /> : null}
      <Tabs
        sub
        label="Run"
        items={TABS.map(({ id, label }) => ({
          href: id === 'curves' ? `/p/${projectId}/runs/${run.id}` : `/p/${projectId}/runs/${run.id}?tab=${id}`,
          label,
          current: tab === id,
        }))}
      />
      <div className="split2">
        <div>
          {tab === 'model' ? (
            <RunModelTab run={run} />
          ) : tab === 'configuration' ? (
            <RunConfigTab projectId={projectId} run={run} />
          ) : tab === 'items' ? (
            <RunItemsTab run={run} />
          ) : tab === 'weights' ? (
            <div style={inRunColour(run.number)}>
              <RunWeightsTab run={run} names={names.data ?? []} />
            </div>
          ) : tab === 'system' ? (
            <RunSystemTab
              run={run}
              series={points ?? new Map()}
              loaded={series.loaded}
              error={series.error ?? names.error}
            />
          ) : tab === 'log' ? (
            <RunLogTab run={run} />
          ) : tab === 'files' ? (
            <RunFilesTab run={run} />
          ) : (
            <>
              {check && <RunCheck projectId={projectId} run={run} series={points ?? new Map()} />}
              {(run.config.mode !== 'find_learning_rate' || !points?.has('loss/train')) && (
                <RunCurves
                  run={run}
                  diagnosis={diagnosis.data ?? undefined}
                  series={points ?? new Map()}
                  loaded={series.loaded}
                  error={series.error ?? names.error}
                  retry={() => {
                    void names.refetch();
                    series.more();
                  }}
                />
              )}
            </>
          )}
        </div>
        <RunFacts projectId={projectId} run={run} />
      </div>
    </>
  );
}
