'use client';

import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import type { SealedReport } from '#core/data/sealed-report.ts';
import { PageHead } from '../ui/index.ts';
import { ColumnSummaries } from './column-summaries.tsx';
import type { Dataset } from './data-page.tsx';
import { DroppedItems } from './dropped-items.tsx';
import { Duplicates } from './duplicates.tsx';
import { ItemBrowser } from './item-browser.tsx';
import { SealedClasses } from './sealed-classes.tsx';
import { SplitBar } from './split-bar.tsx';
import { StageLine } from './stage-line.tsx';
import { atTime, counted, describeSchema, fileSize, onDay } from './words.ts';

/** The sealed data set: everything of train and validation, and of the test part how many items it has. */
export function SealedData({ dataset, report, looks }: { dataset: Dataset; report: SealedReport; looks: number }) {
  const schema = dataset.schema as DatasetSchema;
  const items = dataset.items!;
  const total = items.train + items.validation + items.test;
  const { duplicates, dropped } = report;
  return (
    <>
      <PageHead
        title={dataset.name}
        about={
          <>
            {describeSchema(schema, total)}, from <code>{dataset.filename}</code>, {fileSize(dataset.bytes)}. Uploaded
            by {dataset.createdBy} on {onDay(dataset.createdAt)}.
          </>
        }
      />
      <StageLine
        stages={dataset.stages}
        working={false}
        progress={null}
        notes={{
          uploaded: fileSize(dataset.bytes),
          unpacked: report.source.format === 'zip' ? counted(report.source.files, 'file') : counted(total, 'row'),
          checked: dropped.total ? <DroppedItems dropped={dropped} /> : 'nothing to leave out',
          duplicates: `${duplicates.groups ? counted(duplicates.groups, 'group') : 'none'} in train and validation`,
          split: 'classes' in schema ? 'by class, equal items together' : 'by value, equal items together',
          sealed: `${atTime(dataset.sealedAt!)}; upload deleted`,
        }}
      />
      <SplitBar items={items} looks={looks} />
      <p className="two small mt-3 max-w-[84ch]">
        The order comes from the content alone: the same items give the same split in every project, whatever the order
        of the files and their names. <span className="mono three">{grouped(dataset.splitDigest!)}</span>
      </p>
      <div className="dcols">
        <div>
          <ItemBrowser datasetId={dataset.id} schema={schema} items={items} />
        </div>
        <div>
          {report.classes && <SealedClasses classes={report.classes} />}
          {report.columns.length > 0 && <ColumnSummaries columns={report.columns} more={report.moreColumns} />}
          <Duplicates datasetId={dataset.id} schema={schema} duplicates={duplicates} />
        </div>
      </div>
    </>
  );
}

/** The first 16 digits in fours, as people compare them. */
const grouped = (digest: string): string => digest.slice(0, 16).replace(/(.{4})(?=.)/g, '$1 ');
