'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Ridges } from '#components/charts/ridges.tsx';
import { useSeries } from '#components/runs/use-series.ts';
import { useTRPC } from '#components/trpc/client.tsx';
import { ErrorState, Skeleton, TableRegion, Tag } from '#components/ui/index.ts';
import type { Series } from '#core/chart/series.ts';
import { metricValue } from '#core/format/numbers.ts';
import { updateVerdict } from '#core/run/inspection.ts';
import { isOver } from '#core/run/lifecycle.ts';
import type { RunDetail } from './run-page.tsx';

const NORM = 'weight_norm/';
const RATIO = 'update_ratio/';

/** Layer by layer: how large the weights are, how fast they change, how they and their gradients lie. */
export function RunWeightsTab({ run, names }: { run: RunDetail; names: readonly string[] }) {
  const trpc = useTRPC();
  const wanted = names.filter((name) => name.startsWith(NORM) || name.startsWith(RATIO));
  const series = useSeries([run], wanted);
  const [chosen, setChosen] = useState<string | null>(null);
  const points = series.data.get(run.id);
  const layers = inOrder(
    run,
    wanted.flatMap((n) => (n.startsWith(NORM) ? [n.slice(NORM.length)] : [])),
  );
  const layer = chosen ?? layers[0] ?? null;
  const histograms = useQuery(
    trpc.runs.histograms.queryOptions(
      { runId: run.id, names: [`weights/${layer}`, `gradients/${layer}`] },
      { enabled: layer !== null, refetchInterval: isOver(run.state) ? false : 4_000, placeholderData: (old) => old },
    ),
  );
  if (series.error && !points) return <ErrorState error={series.error} retry={() => series.more()} />;
  if (layers.length === 0)
    return (
      <p className="two py-3">
        {isOver(run.state)
          ? 'It ended before a layer was measured, or before this was logged.'
          : 'Layers are measured at the end of the first epoch, and then as often as costs next to nothing.'}
      </p>
    );
  if (!points) return <Skeleton lines={6} />;
  const newest = (what: string) => {
    const steps = layers.flatMap((name) => points.get(what + name)?.steps.at(-1) ?? []);
    // Of an epoch's steps it is the last full batch.
    return steps.length === 0 ? '' : `epoch ${Math.ceil(Math.max(...steps) / run.stepsPerEpoch)}`;
  };
  const of = (what: string) => (histograms.data?.histograms ?? []).filter((h) => h.name === `${what}/${layer}`);
  return (
    <div className="grid grid-cols-1 gap-6">
      <TableRegion label="Weights by layer">
        <table className="layers-now">
          <thead>
            <tr>
              <th scope="col">Layer</th>
              <th scope="col">Weight norm</th>
              <th scope="col" className="n">
                {newest(NORM)}
              </th>
              <th scope="col" title="Norm of a step's change over the norm of the weights">
                Update ratio, logarithmic
              </th>
              <th scope="col" className="n">
                {newest(RATIO)}
              </th>
              <th scope="col">Says</th>
            </tr>
          </thead>
          <tbody>
            {layers.map((name) => {
              const norm = points.get(NORM + name);
              const ratio = points.get(RATIO + name);
              const last = ratio?.values.at(-1);
              const verdict = last === undefined ? null : updateVerdict(last);
              return (
                <tr key={name} className={name === layer ? 'on' : undefined}>
                  <th scope="row">
                    <button
                      type="button"
                      className="link mono"
                      aria-pressed={name === layer}
                      onClick={() => setChosen(name)}
                    >
                      {name}
                    </button>
                  </th>
                  <td>{norm && <Spark series={norm} label={`Weight norm of ${name}`} />}</td>
                  <td className="n">{metricValue('norm', norm?.values.at(-1))}</td>
                  <td>{ratio && <Spark series={ratio} log label={`Update ratio of ${name}`} />}</td>
                  <td className="n">{last === undefined ? '' : metricValue('ratio', last)}</td>
                  <td>
                    {verdict &&
                      (verdict.tone ? (
                        <Tag tone={verdict.tone}>{verdict.words}</Tag>
                      ) : (
                        <span className="three">{verdict.words}</span>
                      ))}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </TableRegion>
      <p className="small two">
        The update ratio is how far one step moves a layer, over how large its weights are; around 0.001 is usual. Pick
        a layer to see how its numbers lie.
      </p>
      {histograms.error ? (
        <ErrorState error={histograms.error} retry={() => void histograms.refetch()} />
      ) : !histograms.data ? (
        <Skeleton lines={4} />
      ) : of('weights').length === 0 ? (
        <p className="two">No histograms: they are off in this configuration, or the first is still to come.</p>
      ) : (
        <div className="ridge-pair">
          <Ridges title={`Weights of ${layer}`} about="newest epoch in front" ridges={of('weights')} />
          <Ridges title={`Gradients of ${layer}`} about="of one batch" ridges={of('gradients')} />
        </div>
      )}
    </div>
  );
}

/** As the model has them; names of a block's layers begin with the block's. */
function inOrder(run: RunDetail, layers: string[]): string[] {
  const order = run.config.model.layers.map((l) => l.name ?? '');
  const place = (name: string) => {
    const at = order.indexOf(name.split('/')[0]!);
    return at < 0 ? order.length : at;
  };
  return layers.toSorted((a, b) => place(a) - place(b) || a.localeCompare(b, 'en', { numeric: true }));
}

const W = 140;
const H = 22;

function Spark({ series, log = false, label }: { series: Series; log?: boolean; label: string }) {
  const values = series.values.map((v) => (log ? Math.log10(v) : v));
  const finite = values.filter(Number.isFinite);
  if (finite.length < 2) return null;
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const [first, last] = [series.steps[0]!, series.steps.at(-1)!];
  const x = (step: number) => (W * (step - first)) / Math.max(1, last - first);
  const y = (v: number) => H - 2 - ((H - 4) * (v - low)) / (high - low || 1);
  const path = values
    .flatMap((v, i) => (Number.isFinite(v) ? [`${x(series.steps[i]!).toFixed(1)} ${y(v).toFixed(1)}`] : []))
    .map((p, i) => `${i ? 'L' : 'M'}${p}`)
    .join('');
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${W} ${H}`}
      width={W}
      height={H}
      role="img"
      aria-label={`${label} over the steps`}
    >
      <path d={path} />
    </svg>
  );
}
