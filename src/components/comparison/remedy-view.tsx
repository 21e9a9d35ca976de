'use client';

import { Check, CircleHelp, Minus, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { StateMark } from '#components/runs/state-mark.tsx';
import { TableRegion } from '#components/ui/index.ts';
import { type Measure, plain, signed, signedRange } from '#core/comparison/measures.ts';
import { metricValue, runId } from '#core/format/numbers.ts';
import type { Comparison } from './comparison-page.tsx';
import { PairCharts } from './pair-charts.tsx';

const VERDICTS = {
  better: { Icon: Check, words: 'Better, beyond noise', className: 'good' },
  worse: { Icon: TriangleAlert, words: 'Worse, beyond noise', className: 'warn' },
  noise: { Icon: Minus, words: 'Within noise', className: 'two' },
  unknown: { Icon: CircleHelp, words: 'One seed', className: 'two' },
  none: { Icon: Minus, words: 'Says nothing: validation is easier', className: 'two' },
  same: { Icon: Minus, words: 'Never acted', className: 'two' },
} as const;

/** The run as it was at the left, with the change at the right, and between them what it did. */
export function RemedyView({ projectId, comparison }: { projectId: string; comparison: Comparison }) {
  const { measures, sentence, caution, cut, title } = comparison;
  return (
    <div className="compared">
      <section aria-label="Conclusion" className="conclusion">
        <p>{sentence}</p>
        {caution && <p className="small two">{caution}</p>}
        {cut > 0 && (
          <p className="small warn">
            {cut === 1
              ? '1 run was stopped, cancelled or failed and is'
              : `${cut} runs were stopped, cancelled or failed and are`}{' '}
            not counted.
          </p>
        )}
      </section>
      {measures.length > 0 && <Measures comparison={comparison} title={title} measures={measures} />}
      <PairCharts comparison={comparison} />
      <Seeds projectId={projectId} comparison={comparison} />
    </div>
  );
}

function Measures({ comparison, title, measures }: { comparison: Comparison; title: string; measures: Measure[] }) {
  const { lead } = comparison;
  return (
    <TableRegion label="What the change did" className="measures">
      <table>
        <thead>
          <tr>
            <th scope="col">Mean over seeds</th>
            <th scope="col" className="n">
              As it was
            </th>
            <th scope="col" className="n">
              {title}
            </th>
            <th scope="col" className="n">
              Change
            </th>
            <th scope="col">95 % interval</th>
            <th scope="col">Reading</th>
          </tr>
        </thead>
        <tbody>
          {measures.map((measure) => (
            <tr key={measure.id}>
              <th scope="row">
                {measure.label} <span className="small three about">{measure.about}</span>
              </th>
              <td className="n">{spreadWords(comparison, measure, measure.base)}</td>
              <td className="n">{spreadWords(comparison, measure, measure.changed)}</td>
              <td className="n" title={String(measure.mean)}>
                <b>{signed(lead, measure.id, measure.mean)}</b>
              </td>
              <td>
                {measure.interval ? (
                  <span className="interval-cell">
                    <Strip measure={measure} />
                    {signedRange(lead, measure.id, measure.interval)}
                  </span>
                ) : (
                  <span className="three">needs 3 seeds</span>
                )}
              </td>
              <td>
                <Verdict verdict={measure.verdict} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="tiny three mt-1.5">
        ± is the standard deviation between seeds. {howCompared(measures)} The interval is Student&rsquo;s t; where it
        holds zero, other seeds alone would change as much.
      </p>
    </TableRegion>
  );
}

function howCompared(measures: Measure[]): string {
  const pairs = measures[0]?.pairs ?? 0;
  return pairs > 0
    ? `Runs of one seed start from the same weights and see the items in the same order, so ${pairs === 1 ? 'the pair is' : `${pairs} pairs are`} compared one by one.`
    : 'No seeds pair, so the sides are compared as independent (Welch).';
}

function spreadWords({ lead }: Comparison, { id }: Measure, { mean, sd }: Measure['base']) {
  return (
    <>
      {plain(lead, id, mean)}
      {sd !== null && <span className="three"> ± {plain(lead, id, sd)}</span>}
    </>
  );
}

export function Verdict({ verdict }: { verdict: Measure['verdict'] }) {
  const { Icon, words, className } = VERDICTS[verdict];
  return (
    <span className={`inline-flex items-center gap-1.5 ${className}`}>
      <Icon className="i" aria-hidden />
      {words}
    </span>
  );
}

/** The interval around its mean, and where zero lies. */
function Strip({ measure: { mean, interval, verdict } }: { measure: Measure }) {
  const { low, high } = interval!;
  const reach = Math.max(Math.abs(low), Math.abs(high)) * 1.1 || 1;
  const x = (value: number) => 50 + (48 * value) / reach;
  return (
    <svg viewBox="0 0 100 16" className={`ci-strip ${VERDICTS[verdict].className}`} aria-hidden="true">
      <path className="zero" d="M50 0V16" />
      <path className="range" d={`M${x(low)} 8H${x(high)}`} />
      <circle cx={x(mean)} cy="8" r="3" />
    </svg>
  );
}

/** A row a seed: its run on each side. */
function Seeds({ projectId, comparison }: { projectId: string; comparison: Comparison }) {
  const { runs, lead, title } = comparison;
  const seeds = [...new Set(runs.map((run) => run.seed))].sort((a, b) => a - b);
  return (
    <TableRegion label="Runs by seed">
      <table>
        <thead>
          <tr>
            <th scope="col" className="n">
              Seed
            </th>
            <th scope="col">As it was</th>
            <th scope="col" className="n">
              {lead === 'rmse' ? 'RMSE' : 'Accuracy'}
            </th>
            <th scope="col">{title}</th>
            <th scope="col" className="n">
              {lead === 'rmse' ? 'RMSE' : 'Accuracy'}
            </th>
          </tr>
        </thead>
        <tbody>
          {seeds.map((seed) => (
            <tr key={seed}>
              <td className="n">{seed}</td>
              {[0, 1].map((arm) => {
                const run = runs.find((one) => one.arm === arm && one.seed === seed);
                if (!run) return [<td key={`${arm} run`}>deleted</td>, <td key={`${arm} value`} />];
                return [
                  <td key={`${arm} run`}>
                    <span className="inline-flex flex-wrap items-center gap-x-3">
                      <Link href={`/p/${projectId}/runs/${run.id}`}>{runId(run.number)}</Link>
                      <StateMark {...run} stopRequestedAt={null} interrupted={false} />
                      <span className="three">
                        epoch {run.epoch} of {run.epochs}
                      </span>
                    </span>
                  </td>,
                  <td key={`${arm} value`} className="n">
                    {metricValue(lead, run.kept[`${lead}/validation`])}
                  </td>,
                ];
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </TableRegion>
  );
}
