'use client';

import { useQuery } from '@tanstack/react-query';
import { type Outputs, useTRPC } from '#components/trpc/client.tsx';
import { ErrorState, Skeleton, TableRegion } from '#components/ui/index.ts';
import { count, metricValue } from '#core/format/numbers.ts';
import { isOver } from '#core/run/lifecycle.ts';
import { isCheck } from '#core/run/modes.ts';
import { Confusion } from './confusion.tsx';
import type { RunDetail } from './run-page.tsx';
import { frameOf } from './run-view.ts';
import { WorstItems } from './worst-items.tsx';

export type ItemReport = NonNullable<Outputs['runs']['items']>;

/** What the best weights answer to the validation part: figures by class or target, confusions, the worst items. */
export function RunItemsTab({ run }: { run: RunDetail }) {
  const trpc = useTRPC();
  const items = useQuery(trpc.runs.items.queryOptions({ runId: run.id }));
  if (items.error) return <ErrorState error={items.error} retry={() => void items.refetch()} />;
  if (items.data === undefined) return <Skeleton lines={6} />;
  if (items.data === null) return <p className="two py-3">{nothingYet(run)}</p>;
  const report = items.data;
  const { noun } = frameOf(run);
  return (
    <div className="grid grid-cols-1 gap-6">
      <p className="two">
        {count(report.n)} validation {noun}s, answered by the weights of epoch {report.epoch}.
        {report.kind === 'classification' && ` ${wrongWords(report)}`}
      </p>
      {report.kind === 'classification' ? (
        <>
          <div className="flex flex-wrap gap-x-10 gap-y-6">
            <Confusion report={report} noun={noun} />
            <ClassTable report={report} />
          </div>
          <WorstItems run={run} report={report} />
        </>
      ) : (
        <>
          <WorstItems run={run} report={report} />
          <TargetTable report={report} unit={frameOf(run).task} />
        </>
      )}
    </div>
  );
}

function nothingYet(run: RunDetail): string {
  if (isCheck(run.config)) return 'A check keeps no weights, so nothing answers the validation items.';
  return isOver(run.state)
    ? 'It ended without weights that could answer the validation items, or before this was kept.'
    : 'They come when the run has ended: its best weights answer every validation item once.';
}

function wrongWords({ n, confusion }: Extract<ItemReport, { kind: 'classification' }>): string {
  const wrong = confusion.reduce((sum, pair) => sum + (pair.label === pair.answer ? 0 : pair.items), 0);
  return wrong === 0
    ? 'None is wrong.'
    : `${count(wrong)} ${wrong === 1 ? 'is' : 'are'} wrong, ${((100 * wrong) / n).toFixed(1)} %.`;
}

const share = (value: number | null) => (value === null ? '' : value.toFixed(3));

function ClassTable({ report }: { report: Extract<ItemReport, { kind: 'classification' }> }) {
  return (
    <section className="min-w-0 max-w-full">
      <h2 className="mb-2">By class</h2>
      <TableRegion label="Precision, recall and F1 by class">
        <table className="fit">
          <thead>
            <tr>
              <th scope="col">Class</th>
              <th scope="col" className="n">
                Items
              </th>
              <th scope="col" className="n">
                Right
              </th>
              <th scope="col" className="n" title="Of what was answered so, the share that is">
                Precision
              </th>
              <th scope="col" className="n" title="Of what is so, the share that was found">
                Recall
              </th>
              <th scope="col" className="n" title="Harmonic mean of precision and recall">
                F1
              </th>
            </tr>
          </thead>
          <tbody>
            {report.classes.map((c) => (
              <tr key={c.name}>
                <td>{c.name}</td>
                <td className="n">{count(c.items)}</td>
                <td className="n">{count(c.right)}</td>
                <td className="n">{share(c.precision)}</td>
                <td className="n">{share(c.recall)}</td>
                <td className="n">
                  <b>{share(c.f1)}</b>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableRegion>
    </section>
  );
}

function TargetTable({
  report,
  unit: task,
}: {
  report: Extract<ItemReport, { kind: 'regression' }>;
  unit: ReturnType<typeof frameOf>['task'];
}) {
  const unit = task.kind === 'regression' && task.unit ? `, ${task.unit}` : '';
  return (
    <section className="min-w-0 max-w-full">
      <h2 className="mb-2">By target</h2>
      <TableRegion label="Errors by target">
        <table className="fit">
          <thead>
            <tr>
              <th scope="col">Target</th>
              <th scope="col" className="n">
                Present
              </th>
              <th scope="col" className="n">
                RMSE{unit}
              </th>
              <th scope="col" className="n" title="Mean absolute error">
                MAE
              </th>
              <th scope="col" className="n" title="Mean of prediction minus target">
                Bias
              </th>
            </tr>
          </thead>
          <tbody>
            {report.targets.map((t) => (
              <tr key={t.name}>
                <td className="mono">{t.name}</td>
                <td className="n">{count(t.items)}</td>
                <td className="n">
                  <b>{metricValue('rmse', t.rmse)}</b>
                </td>
                <td className="n">{metricValue('mae', t.mae)}</td>
                <td className="n">{metricValue('bias', t.bias)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableRegion>
    </section>
  );
}
