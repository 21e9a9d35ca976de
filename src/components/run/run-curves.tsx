'use client';

import { useDeferredValue, useMemo, useState } from 'react';
import { LegendEntry, LineLegend } from '#components/charts/line-legend.tsx';
import type { SeriesByName } from '#components/runs/use-series.ts';
import { Checkbox, ErrorState, inRunColour, Segmented, Skeleton, Slider } from '#components/ui/index.ts';
import { describePosition, mayHaveOutliers, reachOf } from '#core/chart/run-lines.ts';
import type { XAxis } from '#core/chart/series.ts';
import { lossWords } from '#core/config/objective-words.ts';
import { isOver } from '#core/run/lifecycle.ts';
import { isCheck } from '#core/run/modes.ts';
import { DiagnosisBox } from './diagnosis-box.tsx';
import { MiniChart } from './mini-chart.tsx';
import { PairChart } from './pair-chart.tsx';
import type { RunDetail, RunDiagnosis } from './run-page.tsx';
import { frameOf } from './run-view.ts';

const AXES = [
  { value: 'step', label: 'Step' },
  { value: 'epoch', label: 'Epoch' },
  { value: 'relative', label: 'Time' },
] as const;
const SCALES = [
  { value: 'linear', label: 'Linear' },
  { value: 'log', label: 'Log' },
] as const;

/** One point a step is noisier than what TensorBoard's 0.6 was made for. */
const START_SMOOTHING = 0.85;

/** What the space between the two curves is evidence of. */
const SHOWS_GAP: ReadonlySet<string> = new Set(['overfitting', 'validation_easier', 'leak_or_noise']);

const MEAN_WORDS = { classification: 'mean per item', regression: 'mean of the scaled targets' } as const;

export function RunCurves({
  run,
  diagnosis,
  series,
  loaded,
  error,
  retry,
}: {
  run: RunDetail;
  diagnosis: RunDiagnosis | undefined;
  series: SeriesByName;
  loaded: boolean;
  error: unknown;
  retry: () => void;
}) {
  const [axis, setAxis] = useState<XAxis>(isCheck(run.config) ? 'step' : 'epoch');
  const [log, setLog] = useState(false);
  const [smoothing, setSmoothing] = useState(START_SMOOTHING);
  // The slider moves at once; the curve follows when there is time.
  const weight = useDeferredValue(smoothing);
  const [cut, setCut] = useState(true);
  const [zoom, setZoom] = useState<readonly [number, number] | null>(null);
  const frame = useMemo(() => frameOf(run), [run]);
  const { lead, task } = frame;

  if (error && series.size === 0) return <ErrorState error={error} retry={retry} />;
  if (series.size === 0 && !loaded) return <Skeleton lines={6} />;
  if (series.size === 0) return <p className="two py-3">{nothingYet(run)}</p>;

  const hasLead = (!isOver(run.state) && !isCheck(run.config)) || series.has(`${lead}/validation`);
  const describeX = (x: number) => describePosition(x, axis, run.stepsPerEpoch);
  const reach = reachOf(
    [...series.values()].map((one) => ({ series: one, clock: frame.clock })),
    axis,
  );
  const shared = { axis, reach, zoom, onZoom: setZoom, syncKey: `run-${run.id}`, describeX };
  const shadedFrom = diagnosis && SHOWS_GAP.has(diagnosis.kind) ? diagnosis.since : null;
  const rest = [...series.keys()].filter((n) => !/^(loss|accuracy|rmse|system|profile)\//.test(n));

  return (
    <div style={inRunColour(run.number)}>
      {diagnosis && <DiagnosisBox run={run} diagnosis={diagnosis} />}
      <div className="tools">
        <label className="grp">
          Smoothing
          <Slider
            value={smoothing}
            max={0.99}
            step={0.01}
            onValueChange={setSmoothing}
            aria-label="Smoothing of train"
          />
          <output>{smoothing.toFixed(2)}</output>
        </label>
        <Segmented
          label="Horizontal axis"
          options={AXES}
          value={axis as 'step' | 'epoch' | 'relative'}
          onChange={(value) => {
            setZoom(null);
            setAxis(value);
          }}
        />
        <Segmented
          label="Vertical axis"
          options={SCALES}
          value={log ? 'log' : 'linear'}
          onChange={(v) => setLog(v === 'log')}
        />
        <Checkbox label="Ignore outliers" checked={cut} onChange={(event) => setCut(event.target.checked)} />
        <div className="basis-full">
          <LineLegend raw={smoothing > 0}>
            {shadedFrom !== null && (
              <LegendEntry name="generalisation gap" path={<rect width="22" height="8" className="gap" />} />
            )}
          </LineLegend>
        </div>
      </div>
      {error ? <ErrorState error={error} retry={retry} title="The newest points are missing." /> : null}
      <PairChart
        run={run}
        frame={frame}
        series={series}
        metric="loss"
        title="Loss"
        about={`${lossWords(run.config, task)}, ${MEAN_WORDS[task.kind]}`}
        height={268}
        smoothing={weight}
        log={log}
        cutOutliers={cut}
        onShowAll={() => setCut(false)}
        shadedFrom={shadedFrom}
        {...shared}
      />
      {hasLead && (
        <PairChart
          run={run}
          frame={frame}
          series={series}
          metric={lead}
          title={lead === 'rmse' ? 'RMSE' : 'Accuracy'}
          about={
            lead === 'rmse'
              ? `root mean squared error${task.kind === 'regression' && task.unit ? `, ${task.unit}` : ''}`
              : `share of ${frame.noun}s named right`
          }
          height={188}
          smoothing={0}
          log={log && lead === 'rmse'}
          cutOutliers={cut && mayHaveOutliers(`${lead}/`)}
          onShowAll={() => setCut(false)}
          shadedFrom={shadedFrom}
          {...shared}
        />
      )}
      {rest.length > 0 && (
        <div className="minis">
          {rest.map((name) => (
            <MiniChart key={name} name={name} run={run} series={series} frame={frame} {...shared} />
          ))}
        </div>
      )}
    </div>
  );
}

function nothingYet(run: RunDetail): string {
  if (run.state === 'queued') return 'It waits for a trainer. Curves appear here with its first step.';
  return isOver(run.state)
    ? 'It ended before it logged a point.'
    : 'It is starting: the data is read and the model compiled. The first point comes with the first step.';
}
