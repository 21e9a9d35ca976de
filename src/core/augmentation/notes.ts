import type { DatasetSchema } from '../data/dataset-schema.ts';
import { pointNames } from './plan.ts';
import type { AugmentationSpec } from './spec.ts';
import { proposeSwaps, unpaired } from './swaps.ts';

/** Degrees from which a rotated character may be read as another one. */
const TURNED = 45;
const NUMBER_WORDS = new Set(['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']);

/** What a good teacher would say of an augmentation on this data set, a sentence or two each. */
export function augmentationNotes(spec: AugmentationSpec, schema: DatasetSchema): string[] {
  const notes: string[] = [];
  const flips = spec.horizontalFlip || spec.verticalFlip;
  if (schema.kind === 'image-classification' && namesCharacters(schema.classes)) {
    if (flips)
      notes.push(
        'The classes are named like characters. In a mirror image a 2 is no 2 and a b is a d: a flip here teaches wrong labels.',
      );
    if (spec.rotation >= TURNED)
      notes.push(`The classes are named like characters. Turned by ${spec.rotation}°, a 6 comes near a 9.`);
  }
  if (schema.kind === 'image-keypoints' && flips) {
    const names = pointNames(schema);
    const pairs = spec.keypointSwaps ?? proposeSwaps(names);
    const alone = unpaired(names, pairs);
    if (pairs.length === 0)
      notes.push(
        'No names of points differ in left and right, so a flip swaps none. If some lie on one side, add their pairs.',
      );
    else if (alone.length > 0)
      notes.push(
        `${alone.join(', ')} ${alone.length === 1 ? 'names a side but has' : 'name a side but have'} no pair, so a flip leaves the wrong name.`,
      );
  }
  if (schema.kind === 'image-keypoints' && spec.mixup > 0)
    notes.push(
      'Mixup lays two images over each other and asks for the points halfway between theirs, where nothing is to be seen.',
    );
  return notes;
}

/** Most classes are one letter or digit, or a number's word. */
function namesCharacters(classes: readonly string[]): boolean {
  const characters = classes.filter((name) => /^[\p{L}\p{N}]$/u.test(name) || NUMBER_WORDS.has(name.toLowerCase()));
  return characters.length >= 0.8 * classes.length;
}
