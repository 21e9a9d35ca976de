import type { Outputs } from '#components/trpc/client.tsx';
import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import { count } from '#core/format/numbers.ts';

const TEST_PART = {
  sealed: 'The test part is sealed and plays no part.',
  committed: 'The test part is being opened with a run committed before; no other run can have it.',
  opened: 'The test part is opened; a new run can’t be scored on it.',
};

export function DataSection({
  dataset,
  noun,
}: {
  dataset: NonNullable<Outputs['runs']['launchInfo']['dataset']>;
  noun: string;
}) {
  return (
    <section className="fs">
      <h2>Data</h2>
      <div>
        <p>
          <b>{dataset.name}</b>
        </p>
        <p className="small two mt-1">
          {count(dataset.nTrain)} {noun}s train, {count(dataset.nValidation)} validate, {about(dataset.schema)}.{' '}
          {TEST_PART[dataset.testPart]}
        </p>
      </div>
    </section>
  );
}

function about(schema: DatasetSchema): string {
  const picture = (i: { width: number; height: number; channels: number }) =>
    `${i.width} × ${i.height} ${i.channels === 1 ? 'grey' : 'colour'}`;
  switch (schema.kind) {
    case 'image-classification':
      return `${picture(schema.image)}, ${schema.classes.length} classes`;
    case 'image-keypoints':
      return `${picture(schema.image)}, ${schema.targets.length} coordinates`;
    case 'tabular-classification':
      return `${count(schema.features)} inputs from ${schema.columns.length} columns, ${schema.classes.length} classes of ${schema.target}`;
    case 'tabular-regression':
      return `${count(schema.features)} inputs from ${schema.columns.length} columns, target ${schema.targets.map((t) => t.name).join(', ')}`;
  }
}
