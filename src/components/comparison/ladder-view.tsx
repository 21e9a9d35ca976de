'use client';

import Link from 'next/link';
import { useState } from 'react';
import { StateMark } from '#components/runs/state-mark.tsx';
import { Segmented, TableRegion } from '#components/ui/index.ts';
import { ladderWords, type When } from '#core/comparison/ladder.ts';
import { count, metricValue, runId } from '#core/format/numbers.ts';
import type { Comparison } from './comparison-page.tsx';
import { LadderChart } from './ladder-chart.tsx';

const WHEN = [
  { value: 'end', label: 'At the end' },
  { value: 'kept', label: 'Kept weights' },
] as const satisfies { value: When; label: string }[];

/** One model at several sizes: loss against parameters, and the runs behind it. */
export function LadderView({ projectId, comparison }: { projectId: string; comparison: Comparison }) {
  const [when, setWhen] = useState<When>('end');
  const { rungs, trainItems, noun, runs, lead, cut, diverged } = comparison;
  return (
    <div className="compared">
      <section aria-label="Conclusion" className="conclusion">
        <p>{ladderWords(rungs, when, trainItems, noun)}</p>
        {diverged > 0 && <p className="small warn">{diverged} of the runs became not a number and have no figures.</p>}
        {cut > 0 && <p className="small warn">{cut} of the runs were cut short and are not counted.</p>}
      </section>
      <section aria-label="Loss against parameters">
        <div className="tools">
          <span className="legend">
            <span>
              <svg viewBox="0 0 22 8" aria-hidden="true">
                <path className="train" d="M0 4H22" />
              </svg>
              train
            </span>
            <span>
              <svg viewBox="0 0 22 8" aria-hidden="true">
                <path d="M0 4H22" />
              </svg>
              validation
            </span>
          </span>
          <span className="end">
            <Segmented label="Loss when" options={WHEN} value={when} onChange={setWhen} />
          </span>
        </div>
        <LadderChart rungs={rungs} when={when} trainItems={trainItems} noun={noun} />
      </section>
      <TableRegion label="Sizes">
        <table>
          <thead>
            <tr>
              <th scope="col">Width</th>
              <th scope="col" className="n">
                Parameters
              </th>
              <th scope="col" className="n">
                For each training {noun}
              </th>
              <th scope="col" className="n">
                Train loss
              </th>
              <th scope="col" className="n">
                Validation loss
              </th>
              <th scope="col" className="n">
                {lead === 'rmse' ? 'RMSE' : 'Accuracy'}, kept
              </th>
              <th scope="col">Runs</th>
            </tr>
          </thead>
          <tbody>
            {rungs.map((rung) => {
              const of = runs.filter((run) => run.arm === rung.factor);
              const each = rung.parameters / Math.max(1, trainItems);
              const metrics = of.flatMap((run) => run.kept[`${lead}/validation`] ?? []);
              return (
                <tr key={rung.factor}>
                  <th scope="row">× {rung.factor}</th>
                  <td className="n">{count(rung.parameters)}</td>
                  <td className="n">{each >= 10 ? count(each) : each.toFixed(1)}</td>
                  <td className="n">{spreadText(rung[when]?.train)}</td>
                  <td className="n">{spreadText(rung[when]?.validation)}</td>
                  <td className="n">
                    {metrics.length > 0 && metricValue(lead, metrics.reduce((a, b) => a + b, 0) / metrics.length)}
                  </td>
                  <td>
                    <span className="inline-flex flex-wrap items-center gap-x-3">
                      {of.map((run) => (
                        <span key={run.id} className="inline-flex items-center gap-1.5">
                          <Link href={`/p/${projectId}/runs/${run.id}`}>{runId(run.number)}</Link>
                          {run.state !== 'finished' && (
                            <StateMark {...run} stopRequestedAt={null} interrupted={false} />
                          )}
                        </span>
                      ))}
                    </span>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </TableRegion>
    </div>
  );
}

function spreadText(spread: { mean: number; sd: number | null } | undefined): string {
  if (!spread) return '';
  const sd = spread.sd === null ? '' : ` ± ${metricValue('loss', spread.sd)}`;
  return `${metricValue('loss', spread.mean)}${sd}`;
}
