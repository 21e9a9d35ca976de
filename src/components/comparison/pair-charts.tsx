'use client';

import { useMemo, useState } from 'react';
import { LineChart } from '#components/charts/line-chart.tsx';
import { LineLegend } from '#components/charts/line-legend.tsx';
import { type SeriesOfRuns, useSeries } from '#components/runs/use-series.ts';
import { Checkbox, ErrorState, Skeleton } from '#components/ui/index.ts';
import { runColourVariable } from '#core/chart/colour.ts';
import { fullRange, robustRange } from '#core/chart/range.ts';
import { describePosition, lineOfRun, mayHaveOutliers, reachOf, whyNoPoints } from '#core/chart/run-lines.ts';
import { EMPTY_SERIES } from '#core/chart/series.ts';
import { hasDiverged } from '#core/run/stop-reasons.ts';
import type { Comparison } from './comparison-page.tsx';
import { useFresh } from './use-fresh.ts';

const SMOOTHING = 0.85;
type Run = Comparison['runs'][number];

/** Loss, then the metric: the same axes at the left and at the right, so that heights compare by eye. */
export function PairCharts({ comparison }: { comparison: Comparison }) {
  const { runs, lead, title } = comparison;
  const names = useMemo(() => ['loss', lead].flatMap((metric) => [`${metric}/train`, `${metric}/validation`]), [lead]);
  const series = useSeries(runs, names);
  const over = runs.every((run) => !['queued', 'running'].includes(run.state));
  useFresh(runs.reduce((sum, run) => sum + run.epoch, 0) + (over ? 0.5 : 0), series.more);
  const [zoom, setZoom] = useState<readonly [number, number] | null>(null);
  const [cut, setCut] = useState(true);
  if (series.error && series.data.size === 0) return <ErrorState error={series.error} retry={() => series.more()} />;
  if (!series.loaded && series.data.size === 0) return <Skeleton lines={5} />;
  return (
    <section aria-label="Curves side by side" className="grid gap-4">
      <div className="tools">
        <LineLegend raw>
          <span className="three">a line a seed, the same axes on both sides</span>
        </LineLegend>
        <Checkbox
          className="end"
          label="Ignore outliers"
          checked={cut}
          onChange={(event) => setCut(event.target.checked)}
        />
      </div>
      {['loss', lead].map((metric) => (
        <Pair
          key={metric}
          metric={metric}
          sides={[
            { title: 'As it was', runs: runs.filter((run) => run.arm === 0) },
            { title, runs: runs.filter((run) => run.arm === 1) },
          ]}
          data={series.data}
          cut={cut && mayHaveOutliers(`${metric}/`)}
          onShowAll={() => setCut(false)}
          zoom={zoom}
          onZoom={setZoom}
        />
      ))}
    </section>
  );
}

function Pair({
  metric,
  sides,
  data,
  cut,
  onShowAll,
  zoom,
  onZoom,
}: {
  metric: string;
  sides: { title: string; runs: Run[] }[];
  data: SeriesOfRuns;
  cut: boolean;
  onShowAll: () => void;
  zoom: readonly [number, number] | null;
  onZoom: (zoom: readonly [number, number] | null) => void;
}) {
  const drawn = useMemo(() => {
    // Both sides in the colour of the run that was copied would hide which is which; each side has its first run's.
    const lines = sides.map(({ runs }) =>
      runs.flatMap((run) =>
        (['train', 'validation'] as const).map((part) =>
          lineOfRun(
            {
              key: `${run.id} ${part}`,
              label: `seed ${run.seed}, ${part}`,
              colour: runColourVariable(runs[0]!.number),
              series: data.get(run.id)?.get(`${metric}/${part}`) ?? EMPTY_SERIES,
              clock: { stepsPerEpoch: run.stepsPerEpoch, startedAt: run.startedAt?.getTime() ?? null },
              dashed: part === 'train',
              smoothing: part === 'train' && metric === 'loss' ? SMOOTHING : 0,
              keep: part === 'validation',
              diverged: hasDiverged(run),
            },
            'epoch',
          ),
        ),
      ),
    );
    const all = sides.flatMap(({ runs }) => runs);
    const reach = reachOf(
      all.flatMap((run) =>
        [...(data.get(run.id)?.values() ?? [])].map((series) => ({
          series,
          clock: { stepsPerEpoch: run.stepsPerEpoch, startedAt: null },
        })),
      ),
      'epoch',
    );
    const shown = lines.flat().map(({ drawn, ...how }) => ({ ...how, values: drawn }));
    return { lines, reach, yRange: (cut ? robustRange : fullRange)(shown, false) ?? undefined };
  }, [sides, data, metric, cut]);
  const title = metric === 'loss' ? 'Loss' : metric === 'rmse' ? 'RMSE' : 'Accuracy';
  return (
    <div className="pair">
      {sides.map((side, i) => (
        <LineChart
          key={side.title}
          title={title}
          name={`${title}, ${side.title}`}
          about={side.title}
          lines={drawn.lines[i]!}
          axis="epoch"
          whyNone={whyNoPoints(side.runs)}
          height={metric === 'loss' ? 220 : 170}
          reach={drawn.reach}
          yRange={drawn.yRange}
          cutOutliers={cut}
          onShowAll={onShowAll}
          zoom={zoom}
          onZoom={onZoom}
          syncKey={`pair-${metric}`}
          describeX={(x) => describePosition(x, 'epoch', side.runs[0]?.stepsPerEpoch ?? 1)}
        />
      ))}
    </div>
  );
}
