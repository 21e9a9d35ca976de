'use client';

import { useQuery } from '@tanstack/react-query';
import { type CSSProperties, type ReactNode, useState } from 'react';
import { imageUrl } from '#components/data/item-image.ts';
import { Picture } from '#components/data/picture.tsx';
import { type Outputs, useTRPC } from '#components/trpc/client.tsx';
import { Button, Dialog, ErrorState, Facts, Skeleton } from '#components/ui/index.ts';
import { marksOf } from '#core/augmentation/point-marks.ts';
import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import { metricValue } from '#core/format/numbers.ts';
import type { ItemReport } from './run-items-tab.tsx';
import type { RunDetail } from './run-page.tsx';
import { frameOf } from './run-view.ts';

const SHOWN = 24;

type Named = Outputs['runs']['worstPictures'][number];
type Shown = ItemReport['worst'][number] & Named;

/** The validation items that the best weights answer worst: look at them before changing the model; some are labelled wrong. */
export function WorstItems({ run, report }: { run: RunDetail; report: ItemReport }) {
  const trpc = useTRPC();
  const pictures = useQuery(trpc.runs.worstPictures.queryOptions({ runId: run.id }));
  const { schema, noun, task } = frameOf(run);
  const unit = task.kind === 'regression' ? task.unit : '';
  const about =
    report.kind === 'classification' ? 'by loss, largest first' : 'by error over the targets it has, largest first';
  return (
    <section>
      <h2 className="mb-2">
        Worst {noun}s <span className="small two">{about}</span>
      </h2>
      {pictures.error ? (
        <ErrorState error={pictures.error} retry={() => void pictures.refetch()} />
      ) : !pictures.data ? (
        <Skeleton lines={6} />
      ) : (
        <Items
          run={run}
          report={report}
          schema={schema}
          unit={unit}
          items={report.worst.map((w, i) => ({ ...w, ...pictures.data[i]! }))}
        />
      )}
    </section>
  );
}

function Items({
  run,
  report,
  schema,
  unit,
  items,
}: {
  run: RunDetail;
  report: ItemReport;
  schema: DatasetSchema;
  unit: string;
  items: readonly Shown[];
}) {
  const [open, setOpen] = useState<Shown | null>(null);
  const [all, setAll] = useState(false);
  if (!('image' in schema)) return <Rows report={report} items={items} />;
  const { height, width } = schema.image;
  const marks = marksOf(schema);
  const picture = (item: Shown, src: string) => (
    <Picture
      src={src}
      alt={`${item.name}, ${words(report, item)}`}
      height={height}
      width={width}
      marks={marks}
      targets={'targets' in item ? item.targets : undefined}
      predictions={'predictions' in item ? item.predictions : undefined}
      eager
    />
  );
  return (
    <>
      {report.kind === 'regression' && (
        <p className="small two mb-2 legend">
          <span>
            <svg viewBox="0 0 22 8" aria-hidden="true">
              <circle cx="11" cy="4" r="3" className="key-target" />
            </svg>
            target
          </span>
          <span>
            <svg viewBox="0 0 22 8" aria-hidden="true">
              <circle cx="11" cy="4" r="3" className="key-prediction" />
            </svg>
            prediction
          </span>
        </p>
      )}
      <ul
        className="thumbs worst"
        style={{ '--thumb': `${report.kind === 'regression' ? 128 : 88}px` } as CSSProperties}
      >
        {(all ? items : items.slice(0, SHOWN)).map((item) => (
          <li key={item.index}>
            <button type="button" onClick={() => setOpen(item)}>
              {picture(item, item.image ?? '')}
              <Caption report={report} item={item} unit={unit} />
            </button>
          </li>
        ))}
      </ul>
      {!all && items.length > SHOWN && (
        <Button size="s" className="mt-3" onClick={() => setAll(true)}>
          Show the worst {items.length}
        </Button>
      )}
      <Dialog open={open !== null} onOpenChange={(next) => !next && setOpen(null)} title={open?.name ?? ''}>
        {open && (
          <div className="grid gap-4">
            <div className="w-full max-w-[420px]">
              {picture(open, imageUrl(run.dataset.id, 'validation', open.index))}
            </div>
            <Facts items={factsOf(report, open)} />
          </div>
        )}
      </Dialog>
    </>
  );
}

/** Right answers among the worst are there too: they were right by a hair. */
function Caption({ report, item, unit }: { report: ItemReport; item: Shown; unit: string }): ReactNode {
  if (report.kind === 'regression' && 'rmse' in item)
    return (
      <span>
        {metricValue('rmse', item.rmse ?? Number.NaN)} {unit}
      </span>
    );
  if (report.kind !== 'classification' || !('label' in item)) return null;
  const right = item.label === item.answer;
  return (
    <span>
      <b className={right ? undefined : 'bad'}>{report.classes[item.answer]!.name}</b>
      {right ? ' (right)' : ` for ${report.classes[item.label]!.name}`}
      <small>loss {metricValue('loss', item.loss ?? Number.NaN)}</small>
    </span>
  );
}

function words(report: ItemReport, item: Shown): string {
  if (report.kind === 'classification' && 'label' in item)
    return `answered ${report.classes[item.answer]!.name}, is ${report.classes[item.label]!.name}`;
  return `error ${metricValue('rmse', 'rmse' in item ? (item.rmse ?? Number.NaN) : Number.NaN)}`;
}

function factsOf(report: ItemReport, item: Shown): [string, string][] {
  if (report.kind === 'classification' && 'label' in item)
    return [
      ['True class', report.classes[item.label]!.name],
      [
        'Answer',
        `${report.classes[item.answer]!.name}${item.confidence === null ? '' : `, ${(100 * item.confidence).toFixed(1)} % sure`}`,
      ],
      ['Loss', metricValue('loss', item.loss ?? Number.NaN)],
    ];
  if (report.kind !== 'regression' || !('predictions' in item)) return [];
  return [
    ['RMSE', metricValue('rmse', item.rmse ?? Number.NaN)],
    ...report.targets.map((target, t): [string, string] => [
      target.name,
      `${item.targets[t] === null ? 'missing' : metricValue('target', item.targets[t])}, predicted ${metricValue('target', item.predictions[t] ?? Number.NaN)}`,
    ]),
  ];
}

function Rows({ report, items }: { report: ItemReport; items: readonly Shown[] }) {
  return (
    <table className="fit">
      <thead>
        <tr>
          <th scope="col">Row</th>
          <th scope="col">{report.kind === 'classification' ? 'True class' : 'Target'}</th>
          <th scope="col">{report.kind === 'classification' ? 'Answer' : 'Predicted'}</th>
          <th scope="col" className="n">
            {report.kind === 'classification' ? 'Loss' : 'Error'}
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.index}>
            <td className="mono">{item.name}</td>
            {report.kind === 'classification' && 'label' in item ? (
              <>
                <td>{report.classes[item.label]!.name}</td>
                <td className={item.label === item.answer ? undefined : 'bad'}>{report.classes[item.answer]!.name}</td>
                <td className="n">{metricValue('loss', item.loss ?? Number.NaN)}</td>
              </>
            ) : 'predictions' in item ? (
              <>
                <td>{item.targets.map((v) => (v === null ? 'missing' : metricValue('target', v))).join(', ')}</td>
                <td>{item.predictions.map((v) => metricValue('target', v ?? Number.NaN)).join(', ')}</td>
                <td className="n">{metricValue('rmse', item.rmse ?? Number.NaN)}</td>
              </>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
