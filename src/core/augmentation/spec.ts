import { z } from 'zod';

/** Random changes to training items that leave the answer what it is, or change it in a known way. 0, false and null are off. */

const amount = z.number().min(0).max(1).default(0);

export const augmentationSchema = z.strictObject({
  /** degrees, either way */
  rotation: z.number().min(0).max(180).default(0),
  /** of every second item */
  horizontalFlip: z.boolean().default(false),
  verticalFlip: z.boolean().default(false),
  /** pixels: pad by so many on each side, then crop the first size out at random */
  cropPadding: z.int().min(0).max(1024).default(0),
  /** share of width and height, each way */
  translation: amount,
  /** 0.2: sides between 1 / 1.2 and 1.2 times as long */
  zoom: z.number().min(0).max(4).default(0),
  /** degrees by which upright lines lean, either way */
  shear: z.number().min(0).max(80).default(0),
  /** added to every pixel, either way; pixels lie in [0, 1] */
  brightness: amount,
  /** 0.3: distances from the image's mean between 0.7 and 1.3 times as large */
  contrast: amount,
  /** 0.3: distances from the pixel's own grey between 0.7 and 1.3 times as large */
  saturation: amount,
  /** standard deviation of Gaussian noise on every pixel */
  noise: amount,
  /** a box of one grey in that share of the items, of up to that share of the image (Zhong et al. 2017) */
  erasing: z
    .strictObject({ probability: z.number().gt(0).max(1).default(0.5), area: z.number().gt(0).max(1).default(0.2) })
    .nullable()
    .default(null),
  /** alpha: each item is blended with another of its batch, their shares drawn from Beta(alpha, alpha) (Zhang et al. 2017) */
  mixup: z.number().min(0).max(2).default(0),
  /** Names of points that a flip swaps, such as left_eye and right_eye; null: as the names say. */
  keypointSwaps: z
    .array(z.tuple([z.string(), z.string()]))
    .nullable()
    .default(null),
});
export type AugmentationSpec = z.infer<typeof augmentationSchema>;

export type Transform = Exclude<keyof AugmentationSpec, 'keypointSwaps'>;

/** What moves pixels about, and keypoints with them. */
export const GEOMETRIC = [
  'rotation',
  'horizontalFlip',
  'verticalFlip',
  'cropPadding',
  'translation',
  'zoom',
  'shear',
] as const satisfies Transform[];
/** What changes a pixel's value where it stands. */
export const PHOTOMETRIC = ['brightness', 'contrast', 'saturation', 'noise', 'erasing'] as const satisfies Transform[];
export const TRANSFORMS: readonly Transform[] = [...GEOMETRIC, ...PHOTOMETRIC, 'mixup'];

export function isOn(spec: AugmentationSpec, transform: Transform): boolean {
  return Boolean(spec[transform]);
}
