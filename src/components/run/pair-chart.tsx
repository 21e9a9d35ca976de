'use client';

import { useMemo } from 'react';
import { LineChart } from '#components/charts/line-chart.tsx';
import type { SeriesByName } from '#components/runs/use-series.ts';
import { runColourVariable } from '#core/chart/colour.ts';
import { bestMark, gapBetween, isTrain, lineOfRun, whyNoPoints } from '#core/chart/run-lines.ts';
import { EMPTY_SERIES } from '#core/chart/series.ts';
import { metricValue } from '#core/format/numbers.ts';
import type { RunDetail } from './run-page.tsx';
import { METRIC_WORDS, type RunFrame, type SharedChart } from './run-view.ts';

/** Train and validation of one metric, with the best epoch. */
export function PairChart({
  run,
  frame,
  series,
  metric,
  smoothing,
  axis,
  shadedFrom,
  ...chart
}: SharedChart & {
  run: RunDetail;
  frame: RunFrame;
  series: SeriesByName;
  metric: string;
  title: string;
  about: string;
  height: number;
  smoothing: number;
  log: boolean;
  cutOutliers: boolean;
  onShowAll?: () => void;
  /** epoch from which the gap is shaded */
  shadedFrom: number | null;
}) {
  const train = series.get(`${metric}/train`);
  const validation = series.get(`${metric}/validation`);
  const lines = useMemo(() => {
    const colour = runColourVariable(run.number);
    const line = (name: string, from = EMPTY_SERIES) =>
      lineOfRun(
        {
          key: name,
          label: name,
          colour,
          series: from,
          clock: frame.clock,
          dashed: isTrain(`/${name}`),
          // One point an epoch is not noise that hides a trend, and the best epoch must lie on its curve.
          smoothing: name === 'train' && from.steps.length > run.config.epochs ? smoothing : 0,
          keep: name === 'validation',
        },
        axis,
      );
    return [line('train', train), line('validation', validation)];
  }, [train, validation, frame, axis, smoothing, run.number, run.config.epochs]);
  const mark = useMemo(() => {
    const best = bestMark(run.bestEpoch, frame.clock, axis, validation);
    if (!best) return null;
    const stop = run.stopReason === 'early_stopping' ? bestMark(run.epoch, frame.clock, axis, validation) : null;
    const words = metric === 'loss' ? 'loss' : METRIC_WORDS[metric as 'accuracy' | 'rmse'];
    return {
      x: best.x,
      points: [{ colour: runColourVariable(run.number), y: best.y }],
      ...(stop && { stop: stop.x, stopLabel: `stopped early, epoch ${run.epoch}` }),
      label: (
        <>
          <b>Best, epoch {run.bestEpoch}</b>
          <br />
          validation {words} {metricValue(metric, best.y)}
        </>
      ),
    };
  }, [run.bestEpoch, run.stopReason, run.epoch, run.number, frame, axis, validation, metric]);
  const gap = useMemo(
    () =>
      shadedFrom === null || !validation
        ? null
        : gapBetween(lines[0]!, lines[1]!, validation.steps, shadedFrom * run.stepsPerEpoch),
    [lines, validation, shadedFrom, run.stepsPerEpoch],
  );
  return (
    <LineChart
      name={metric}
      lines={lines}
      axis={axis}
      mark={mark}
      gap={gap}
      whyNone={whyNoPoints([run])}
      endLabels
      roomForRaw
      {...chart}
    />
  );
}
