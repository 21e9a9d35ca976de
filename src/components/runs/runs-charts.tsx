'use client';

import { ChevronDown, ChevronRight } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { LineChart } from '#components/charts/line-chart.tsx';
import { LineLegend } from '#components/charts/line-legend.tsx';
import { Checkbox, ErrorState, Segmented, Skeleton, Slider } from '#components/ui/index.ts';
import { runColourVariable } from '#core/chart/colour.ts';
import { describePosition, isTrain, lineOfRun, mayHaveOutliers, reachOf } from '#core/chart/run-lines.ts';
import { groupNames, type RunClock, type Series } from '#core/chart/series.ts';
import type { RunsView } from '#core/chart/view-state.ts';
import { runId } from '#core/format/numbers.ts';
import type { RunItem } from './runs-page.tsx';
import type { useSeries } from './use-series.ts';

const AXES = [
  { value: 'step', label: 'Step' },
  { value: 'epoch', label: 'Epoch' },
  { value: 'relative', label: 'Relative' },
  { value: 'wall', label: 'Wall time' },
] as const;
const SCALES = [
  { value: 'linear', label: 'Linear' },
  { value: 'log', label: 'Log' },
] as const;

export function RunsCharts({
  runs,
  names,
  series,
  view,
  change,
  isShut,
  onShut,
  pointedAt,
  error,
  retry,
}: {
  runs: readonly RunItem[];
  names: readonly string[];
  series: ReturnType<typeof useSeries>;
  view: RunsView;
  change: (change: Partial<RunsView>) => void;
  isShut: (group: string) => boolean;
  onShut: (group: string) => void;
  /** the run whose row is pointed at */
  pointedAt: string | null;
  error: unknown;
  retry: () => void;
}) {
  const [zoom, setZoom] = useState<readonly [number, number] | null>(null);
  const groups = useMemo(() => groupNames(names), [names]);
  const reach = useMemo(() => {
    const all = runs.flatMap((run) =>
      [...(series.data.get(run.id)?.values() ?? [])].map((one) => ({ series: one, clock: clockOf(run) })),
    );
    return reachOf(all, view.x);
  }, [runs, series.data, view.x]);
  if (runs.length === 0)
    return <p className="two py-4">No run is in the charts. Tick one in the table, or show a hidden one.</p>;
  if (error) return <ErrorState error={error} retry={retry} title="The charts did not load." />;
  return (
    <>
      <div className="tools mt-4">
        <label className="grp">
          Smoothing
          <Slider
            value={view.smoothing}
            max={0.99}
            step={0.01}
            onValueChange={(smoothing) => change({ smoothing })}
            aria-label="Smoothing"
          />
          <output>{view.smoothing.toFixed(2)}</output>
        </label>
        <Segmented
          label="Horizontal axis"
          options={AXES}
          value={view.x}
          onChange={(x) => {
            setZoom(null);
            change({ x });
          }}
        />
        <Segmented
          label="Vertical axis"
          options={SCALES}
          value={view.log ? 'log' : 'linear'}
          onChange={(v) => change({ log: v === 'log' })}
        />
        <Checkbox
          label="Ignore outliers"
          checked={view.cutOutliers}
          onChange={(event) => change({ cutOutliers: event.target.checked })}
        />
        <LineLegend className="end" raw={view.smoothing > 0} />
      </div>
      {series.error ? (
        <ErrorState error={series.error} retry={() => series.more()} title="The newest points are missing." />
      ) : null}
      {groups.map(([group, members]) => (
        <section key={group} className={isShut(group) ? 'group shut' : 'group'}>
          <h2>
            <button type="button" aria-expanded={!isShut(group)} onClick={() => onShut(group)}>
              {isShut(group) ? <ChevronRight className="i" aria-hidden /> : <ChevronDown className="i" aria-hidden />}
              {group}/
            </button>{' '}
            <span className="small three font-normal">
              {members.length} {members.length === 1 ? 'chart' : 'charts'}
            </span>
          </h2>
          {!isShut(group) &&
            (series.loaded || series.data.size > 0 ? (
              <div className={members.length === 2 ? 'g3 two-charts' : 'g3'}>
                {members.map((name) => (
                  <SeriesChart
                    key={name}
                    name={name}
                    runs={runs}
                    series={series}
                    view={view}
                    change={change}
                    reach={reach}
                    pointedAt={pointedAt}
                    zoom={zoom}
                    onZoom={setZoom}
                  />
                ))}
              </div>
            ) : (
              <Skeleton lines={4} />
            ))}
        </section>
      ))}
    </>
  );
}

function clockOf(run: RunItem): RunClock {
  return { stepsPerEpoch: run.stepsPerEpoch, startedAt: run.startedAt?.getTime() ?? null };
}

function SeriesChart({
  name,
  runs,
  series,
  view,
  change,
  reach,
  pointedAt,
  zoom,
  onZoom,
}: {
  name: string;
  runs: readonly RunItem[];
  series: ReturnType<typeof useSeries>;
  view: RunsView;
  change: (change: Partial<RunsView>) => void;
  reach: number | undefined;
  pointedAt: string | null;
  zoom: readonly [number, number] | null;
  onZoom: (zoom: readonly [number, number] | null) => void;
}) {
  const { x: axis } = view;
  // The slider moves at once; the curves follow when there is time.
  const smoothing = useDeferredValue(view.smoothing);
  const lines = useMemo(() => {
    const twice = new Set(runs.map((r) => r.name).filter((n, i, all) => all.indexOf(n) !== i));
    return runs.flatMap((run) => {
      const points: Series | undefined = series.data.get(run.id)?.get(name);
      if (!points || points.steps.length === 0) return [];
      return lineOfRun(
        {
          key: run.id,
          label: twice.has(run.name) ? `${run.name} ${runId(run.number)}` : run.name,
          colour: runColourVariable(run.number),
          series: points,
          clock: clockOf(run),
          dashed: isTrain(name),
          smoothing: name.startsWith('lr/') ? 0 : smoothing,
          strong: view.pinned.includes(run.number),
        },
        axis,
      );
    });
  }, [runs, series.data, name, smoothing, axis, view.pinned]);
  // Epochs of runs with other batch sizes lie at other steps; the position is told in the axis's own unit.
  const perEpoch = runs.every((r) => r.stepsPerEpoch === runs[0]!.stepsPerEpoch) ? runs[0]!.stepsPerEpoch : null;
  const slash = name.indexOf('/');
  return (
    <LineChart
      title={slash < 0 ? name : name.slice(slash + 1).replaceAll('_', ' ')}
      about={view.log ? 'log axis' : undefined}
      name={name}
      lines={lines}
      axis={axis}
      log={view.log}
      cutOutliers={view.cutOutliers && mayHaveOutliers(name)}
      onShowAll={() => change({ cutOutliers: false })}
      reach={reach}
      emphasis={pointedAt}
      zoom={zoom}
      onZoom={onZoom}
      height={200}
      syncKey="runs"
      describeX={(x) =>
        perEpoch === null && (axis === 'step' || axis === 'epoch')
          ? `${axis} ${Number(x.toFixed(1)).toLocaleString('en-GB')}`
          : describePosition(x, axis, perEpoch ?? 1)
      }
    />
  );
}
