import type { DatasetSchema } from '../data/dataset-schema.ts';
import type { ErrorItem } from '../errors.ts';
import { pointNames } from './plan.ts';
import { type AugmentationSpec, isOn, TRANSFORMS } from './spec.ts';

/** What this data set can't be augmented by, with the field's place. */
export function checkAugmentation(spec: AugmentationSpec | null, schema: DatasetSchema): ErrorItem[] {
  if (!spec) return [];
  const items: ErrorItem[] = [];
  const fail = (field: string, message: string) => items.push({ path: `/augmentation/${field}`, message });
  if (!('image' in schema)) {
    for (const transform of TRANSFORMS)
      if (transform !== 'mixup' && isOn(spec, transform))
        fail(transform, `${transform} changes images, and this data set is a table. Of a table only mixup works.`);
    return items;
  }
  const { height, width, channels } = schema.image;
  if (isOn(spec, 'saturation') && channels === 1)
    fail('saturation', 'The images are grey, so they have no saturation. Set it to 0.');
  if (spec.cropPadding >= Math.min(height, width))
    fail(
      'cropPadding',
      `The images are ${width} x ${height}: a crop that moves by ${spec.cropPadding} pixels can miss them whole. Make it smaller.`,
    );
  const names = pointNames(schema);
  const seen = new Set<string>();
  (spec.keypointSwaps ?? []).forEach((pair, i) => {
    for (const name of new Set(pair)) {
      if (!names.includes(name))
        fail(
          `keypointSwaps/${i}`,
          names.length > 0
            ? `There is no point "${name}". The points are ${names.join(', ')}.`
            : 'This data set has no keypoints. Set keypointSwaps to null.',
        );
      else if (seen.has(name)) fail(`keypointSwaps/${i}`, `"${name}" is in two pairs. A point has one mirror image.`);
      seen.add(name);
    }
  });
  return items;
}
