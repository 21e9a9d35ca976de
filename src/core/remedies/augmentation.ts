import { type AugmentationSpec, augmentationSchema, isOn, TRANSFORMS, type Transform } from '../augmentation/spec.ts';
import type { InputSpec } from '../model/spec.ts';
import type { Remedy } from './remedy.ts';

type Amount = { [T in Transform]: AugmentationSpec[T] extends number ? T : never }[Transform];
/** Where one more click ends: beyond, items stop looking like what the model will meet. Flips, crops and erasing stay as they are. */
const MOST: Partial<Record<Amount, number>> = {
  rotation: 30,
  translation: 0.2,
  zoom: 0.3,
  shear: 20,
  brightness: 0.4,
  contrast: 0.4,
  saturation: 0.4,
  noise: 0.1,
  mixup: 0.4,
};
const STEP = 1.5;

export const TRANSFORM_WORDS: Record<Transform, string> = {
  rotation: 'rotation',
  horizontalFlip: 'horizontal flip',
  verticalFlip: 'vertical flip',
  cropPadding: 'crop',
  translation: 'translation',
  zoom: 'zoom',
  shear: 'shear',
  brightness: 'brightness',
  contrast: 'contrast',
  saturation: 'saturation',
  noise: 'noise',
  erasing: 'erasing',
  mixup: 'mixup',
};

/** What keeps an image's answer whatever it shows: no flip, for a mirrored 2 is no 2. Of tables, mixup is all there is. */
export function startAugmentation(input: InputSpec): AugmentationSpec {
  return augmentationSchema.parse(
    input.kind === 'image' ? { rotation: 10, translation: 0.1, zoom: 0.1 } : { mixup: 0.2 },
  );
}

export const augmentation: Remedy = {
  id: 'augmentation',
  name: 'Augmentation',
  sentences: [
    'Changes each training item a little at random at every step, so that none can be learnt by heart.',
    'Take only changes that leave the answer what it is, or, with keypoints and mixup, move it along.',
  ],
  source: {
    label: 'Shorten and Khoshgoftaar 2019',
    title:
      'Shorten, Khoshgoftaar: A survey on Image Data Augmentation for Deep Learning. Journal of Big Data 6, 60, 2019',
    url: 'https://doi.org/10.1186/s40537-019-0197-0',
  },
  /** A small rotation, translation and zoom, of tables mixup; where it is on already, every amount half as much again, up to a limit. */
  apply(config, { input }) {
    const before = config.augmentation;
    if (!before || !TRANSFORMS.some((t) => isOn(before, t)))
      return { ...config, augmentation: startAugmentation(input) };
    const stronger = { ...before };
    for (const [amount, most] of Object.entries(MOST) as [Amount, number][])
      if (before[amount] < most) stronger[amount] = Math.min(most, Number((STEP * before[amount]).toPrecision(2)));
    return Object.keys(MOST).some((t) => stronger[t as Amount] !== before[t as Amount])
      ? { ...config, augmentation: stronger }
      : null;
  },
  again: 'stronger augmentation',
  words({ augmentation: spec }) {
    if (!spec) return '';
    const on = TRANSFORMS.filter((t) => isOn(spec, t)).map((t) => TRANSFORM_WORDS[t]);
    return on.length > 3 ? `${on.length} augmentations` : on.join(', ');
  },
};
