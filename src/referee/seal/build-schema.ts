import type { DatasetKind, DatasetSchema } from '#core/data/dataset-schema.ts';
import { EncodingFit, featureCount } from '#core/data/encode-row.ts';
import type { Assignment } from '../ingest/assign-parts.ts';
import type { Collected } from '../ingest/collected.ts';

/** The data set's schema; every statistic in it comes from the train part alone. */
export async function buildSchema(kind: DatasetKind, data: Collected, split: Assignment): Promise<DatasetSchema> {
  const { input, output } = data;
  if (input.type === 'image') {
    const image = input.shape;
    if (output.type === 'classes') return { kind: 'image-classification', image, classes: split.classes };
    const half = image.width / 2;
    return {
      kind: 'image-keypoints',
      image,
      targets: output.targets.map((name) => ({ name, offset: half, scale: half })),
    };
  }
  const fit = new EncodingFit(input.columns);
  for await (const row of data.x.rows(split.parts.train)) fit.add(row);
  const columns = fit.columns();
  const features = featureCount(columns);
  if (output.type === 'classes')
    return { kind: 'tabular-classification', columns, features, target: output.target, classes: split.classes };
  if (kind !== 'tabular-regression') throw new Error(`A table with numbers to predict can't be ${kind}.`);
  const target = new EncodingFit([{ name: output.targets[0]!, type: 'numeric', categories: [] }]);
  for (const item of split.parts.train) target.add(output.values.subarray(item, item + 1));
  const [learnt] = target.columns();
  if (learnt?.type !== 'numeric') throw new Error('The target of a regression is numeric.');
  return {
    kind,
    columns,
    features,
    targets: [{ name: learnt.name, offset: learnt.mean, scale: learnt.std }],
  };
}
