'use client';

import Link from 'next/link';
import { useState } from 'react';
import { runColourVariable } from '#core/chart/colour.ts';
import { metricValue, runId } from '#core/format/numbers.ts';
import { LineChart } from '../charts/line-chart.tsx';
import { DiagnosisMark } from '../run/diagnosis-mark.tsx';
import { METRIC_WORDS } from '../run/run-view.ts';
import type { Outputs } from '../trpc/client.tsx';
import { EmptyState, Swatch } from '../ui/index.ts';

type Overview = Outputs['projects']['overview'];
type Best = NonNullable<Overview['best']>;

/** The best run's lead metric over epochs, train dashed, validation solid, with what the gap says. */
export function BestRun({ overview, base }: { overview: Overview; base: string }) {
  const { best, metric } = overview;
  if (!best || !metric) {
    return (
      <EmptyState title="No curve yet">
        The best run&rsquo;s curve appears here once a run has finished its first epoch.
      </EmptyState>
    );
  }
  return (
    <section aria-labelledby="best">
      <header className="flex items-center gap-2">
        <Swatch run={best.number} />
        <h2 id="best">
          <Link href={`${base}/runs/${best.id}`}>{best.name}</Link>
        </h2>
        <span className="mono three small">{runId(best.number)}</span>
      </header>
      <p className="two mt-2 mb-3 max-w-[72ch]">
        <b>
          <DiagnosisMark kind={best.diagnosis.kind} title={best.diagnosis.title} />
        </b>
        . {best.diagnosis.sentences} {reading(best, metric.name)}
      </p>
      <Curve best={best} metric={metric.name} />
    </section>
  );
}

/** Where the best epoch lies, and how far train and validation are apart there. */
function reading(best: Best, metric: keyof typeof METRIC_WORDS): string {
  const at = `Validation ${METRIC_WORDS[metric]} was best at epoch ${best.bestEpoch}, ${metricValue(metric, best.value)}`;
  if (best.gap === null) return `${at}.`;
  return metric === 'accuracy'
    ? `${at}; train and validation are ${best.gap.toFixed(1).replace('-', '−')} points apart there.`
    : `${at}, ${best.gap.toFixed(2)} times the error on train.`;
}

function Curve({ best, metric }: { best: Best; metric: keyof typeof METRIC_WORDS }) {
  const [zoom, setZoom] = useState<[number, number] | null>(null);
  const colour = runColourVariable(best.number);
  const line = (key: 'train' | 'validation') => ({
    key,
    label: key,
    colour,
    dashed: key === 'train',
    strong: key === 'validation',
    x: best.curves[key].epochs,
    values: best.curves[key].values,
    drawn: best.curves[key].values,
  });
  return (
    <LineChart
      title={metric === 'rmse' ? 'RMSE' : 'Accuracy'}
      name={`${METRIC_WORDS[metric]} of ${best.name}`}
      about="by epoch, dashed train, solid validation"
      lines={[line('train'), line('validation')]}
      axis="epoch"
      zoom={zoom}
      onZoom={setZoom}
      height={240}
      endLabels
      mark={
        best.bestEpoch === null
          ? null
          : { x: best.bestEpoch, label: `best, epoch ${best.bestEpoch}`, points: [{ colour, y: best.value }] }
      }
      describeX={(x) => `epoch ${Math.round(x)}`}
    />
  );
}
