'use client';

import { useMemo } from 'react';
import { LineChart } from '#components/charts/line-chart.tsx';
import type { SeriesByName } from '#components/runs/use-series.ts';
import { runColourVariable } from '#core/chart/colour.ts';
import { lineOfRun } from '#core/chart/run-lines.ts';
import { EMPTY_SERIES } from '#core/chart/series.ts';
import { count, metricValue, rateValue } from '#core/format/numbers.ts';
import type { RunDetail } from './run-page.tsx';
import type { RunFrame, SharedChart } from './run-view.ts';

const TITLES: Record<string, string> = {
  'lr/learning_rate': 'Learning rate',
  'penalty/l1': 'L1 penalty',
  'gradient/norm': 'Gradient norm',
  'system/memory_mb': 'Process memory, MB',
  'system/cpu_percent': 'Process CPU, % of a core',
  'system/machine_cpu_percent': 'Machine CPU, %',
  'system/machine_memory_mb': 'Machine memory, MB',
  'penalty/l2': 'L2 penalty',
  'penalty/l1_l2': 'L1 and L2 penalty',
};

/** One series of a run, small, with its last value. */
export function MiniChart({
  name,
  run,
  series,
  frame,
  ...shared
}: SharedChart & { name: string; run: RunDetail; series: SeriesByName; frame: RunFrame }) {
  const points = series.get(name) ?? EMPTY_SERIES;
  const lines = useMemo(
    () => [
      lineOfRun(
        {
          key: name,
          label: name,
          colour: runColourVariable(run.number),
          series: points,
          clock: frame.clock,
          dashed: false,
          smoothing: 0,
        },
        shared.axis,
      ),
    ],
    [name, points, frame, run.number, shared.axis],
  );
  const last = points.values.at(-1);
  const speed = name === 'system/items_per_second';
  const title = speed ? `${frame.noun === 'image' ? 'Images' : 'Rows'}/s` : (TITLES[name] ?? name);
  return (
    <LineChart
      small
      title={title}
      name={title}
      lines={lines}
      height={96}
      actions={
        last === undefined ? null : (
          <span>
            {speed
              ? count(last)
              : name.startsWith('lr/')
                ? rateValue(Number(last.toPrecision(3)))
                : metricValue(name, last)}
          </span>
        )
      }
      {...shared}
    />
  );
}
