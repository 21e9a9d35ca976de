'use client';

import { useMemo, useState } from 'react';
import { PhaseChart } from '#components/charts/phase-chart.tsx';
import type { SeriesByName } from '#components/runs/use-series.ts';
import { ErrorState, inRunColour, Skeleton } from '#components/ui/index.ts';
import { describePosition, reachOf } from '#core/chart/run-lines.ts';
import { MiniChart } from './mini-chart.tsx';
import type { RunDetail } from './run-page.tsx';
import { frameOf } from './run-view.ts';

const SYSTEM = [
  'system/items_per_second',
  'system/cpu_percent',
  'system/memory_mb',
  'system/machine_cpu_percent',
  'system/machine_memory_mb',
];

/** Where the time goes, and what the machine does meanwhile. */
export function RunSystemTab({
  run,
  series,
  loaded,
  error,
}: {
  run: RunDetail;
  series: SeriesByName;
  loaded: boolean;
  error: unknown;
}) {
  const [zoom, setZoom] = useState<readonly [number, number] | null>(null);
  const frame = useMemo(() => frameOf(run), [run]);
  const names = SYSTEM.filter((name) => series.has(name) && series.get(name)!.steps.length > 0);
  if (error && series.size === 0) return <ErrorState error={error} />;
  if (!loaded && series.size === 0) return <Skeleton lines={6} />;
  const reach = reachOf(
    names.map((name) => ({ series: series.get(name)!, clock: frame.clock })),
    'relative',
  );
  return (
    <div className="grid grid-cols-1 gap-6" style={inRunColour(run.number)}>
      <PhaseChart series={series} stepsPerEpoch={run.stepsPerEpoch} />
      <section>
        <h2 className="mb-2">Machine</h2>
        {names.length === 0 ? (
          <p className="two">Measured once a second while it trains; this run was shorter, or has not begun.</p>
        ) : (
          <div className="minis">
            {names.map((name) => (
              <MiniChart
                key={name}
                name={name}
                run={run}
                series={series}
                frame={frame}
                axis="relative"
                reach={reach}
                zoom={zoom}
                onZoom={setZoom}
                syncKey={`system-${run.id}`}
                describeX={(x) => describePosition(x, 'relative', run.stepsPerEpoch)}
              />
            ))}
          </div>
        )}
      </section>
    </div>
  );
}
