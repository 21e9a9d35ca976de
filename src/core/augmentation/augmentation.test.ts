import { describe, expect, test } from 'vitest';
import type { DatasetSchema } from '../data/dataset-schema.ts';
import { checkAugmentation } from './check-augmentation.ts';
import { DRAW, DRAWS, drawAugmentation } from './draw.ts';
import { augmentationNotes } from './notes.ts';
import { type AugmentationPlan, planAugmentation } from './plan.ts';
import { previewItems, scaledPlan } from './preview.ts';
import { movePoints } from './render.ts';
import { type AugmentationSpec, augmentationSchema } from './spec.ts';
import { proposeSwaps, sideOf, unpaired, unswapped } from './swaps.ts';
import { shareWords, twoShares } from './two-shares.ts';

const FACE_POINTS = [
  'left_eye_center',
  'right_eye_center',
  'left_eye_inner_corner',
  'left_eye_outer_corner',
  'right_eye_inner_corner',
  'right_eye_outer_corner',
  'left_eyebrow_inner_end',
  'left_eyebrow_outer_end',
  'right_eyebrow_inner_end',
  'right_eyebrow_outer_end',
  'nose_tip',
  'mouth_left_corner',
  'mouth_right_corner',
  'mouth_center_top_lip',
  'mouth_center_bottom_lip',
];
const faces: DatasetSchema = {
  kind: 'image-keypoints',
  image: { height: 96, width: 96, channels: 1 },
  targets: FACE_POINTS.flatMap((name) =>
    ['x', 'y'].map((axis) => ({ name: `${name}_${axis}`, offset: 48, scale: 48 })),
  ),
};
const digits: DatasetSchema = {
  kind: 'image-classification',
  image: { height: 28, width: 28, channels: 1 },
  classes: ['0', '1'],
};
const table: DatasetSchema = {
  kind: 'tabular-classification',
  columns: [],
  features: 4,
  target: 't',
  classes: ['a', 'b'],
};
const specOf = (change: Partial<AugmentationSpec>) => augmentationSchema.parse(change);
const planOf = (change: Partial<AugmentationSpec>, schema: DatasetSchema = faces) =>
  planAugmentation(specOf(change), schema, { kind: 'image', ...faces.image })! as AugmentationPlan & {
    input: { kind: 'image' };
  };

describe('points that swap sides', () => {
  test('are proposed from the names of a face’s columns', () => {
    expect(proposeSwaps(FACE_POINTS)).toEqual([
      ['left_eye_center', 'right_eye_center'],
      ['left_eye_inner_corner', 'right_eye_inner_corner'],
      ['left_eye_outer_corner', 'right_eye_outer_corner'],
      ['left_eyebrow_inner_end', 'right_eyebrow_inner_end'],
      ['left_eyebrow_outer_end', 'right_eyebrow_outer_end'],
      ['mouth_left_corner', 'mouth_right_corner'],
    ]);
  });
  test.each([
    [['l_hip', 'r_hip', 'neck'], [['l_hip', 'r_hip']]],
    [['RShoulder', 'LShoulder', 'Nose'], [['RShoulder', 'LShoulder']]],
    [['eyeLeft', 'eyeRight'], [['eyeLeft', 'eyeRight']]],
    [['left eye', 'Right Eye'], [['left eye', 'Right Eye']]],
    [
      ['left1', 'left2', 'right2', 'right1'],
      [
        ['left1', 'right1'],
        ['left2', 'right2'],
      ],
    ],
    [['1', '2', '3'], []],
    [['lip', 'rip', 'bright', 'cleft'], []],
    [['left_ear', 'nose'], []],
  ])('of %j', (names, pairs) => {
    expect(proposeSwaps(names)).toEqual(pairs);
  });
  test('a side without its other is told', () => {
    expect(unpaired(['left_ear', 'left_eye', 'right_eye', 'nose'], [['left_eye', 'right_eye']])).toEqual(['left_ear']);
  });
  test('a point called as what every object has is a point without a side', () => {
    const names = ['constructor', 'valueOf', 'toString', '__proto__', 'left constructor', 'right constructor'];
    expect(proposeSwaps(names)).toEqual([['left constructor', 'right constructor']]);
    expect(unpaired(names, [])).toEqual(['left constructor', 'right constructor']);
    expect(names.map(sideOf)).toEqual([null, null, null, null, 'left', 'right']);
  });
});

test('points move with a mirror image and take the other side’s name; what is missing stays missing', () => {
  const plan = planOf({ horizontalFlip: true });
  const targets = Float32Array.from({ length: 30 }, (_, t) => 20 + t);
  targets[4] = Number.NaN; // left_eye_inner_corner_x
  const draws = drawAugmentation(plan, 1, 0, 64);
  const rows = Array.from({ length: 64 }, (_, i) => draws.subarray(i * DRAWS, (i + 1) * DRAWS));
  const flipped = rows.filter((row) => row[DRAW.mirrored]);
  expect(flipped.length).toBeGreaterThan(15);
  expect(flipped.length).toBeLessThan(49);
  const out = movePoints(plan, targets, flipped[0]!);
  // left_eye_center is where right_eye_center was, seen from the other side.
  expect([out[0], out[1]]).toEqual([96 - targets[2]!, targets[3]]);
  expect([out[20], out[21]]).toEqual([96 - targets[20]!, targets[21]]);
  // right_eye_inner_corner comes from the left one, which lacks its x.
  expect([out[8], out[9]]).toEqual([Number.NaN, Number.NaN]);
  expect(movePoints(plan, targets, rows.find((row) => !row[DRAW.mirrored])!)[0]).toBe(targets[0]);
});

test('both flips at once are a half turn: sides stay', () => {
  const plan = planOf({ horizontalFlip: true, verticalFlip: true });
  const draws = drawAugmentation(plan, 1, 0, 64);
  for (let i = 0; i < 64; i++) {
    const [a, , , , e] = draws.subarray(i * DRAWS + DRAW.point);
    expect(draws[i * DRAWS + DRAW.mirrored]).toBe(a! * e! < 0 ? 1 : 0);
  }
});

test('a point that is in no pair may be put into one', () => {
  expect(unswapped(['nose', 'left_eye', 'right_eye', 'chin'], [['left_eye', 'right_eye']])).toEqual(['nose', 'chin']);
});

test('the swaps may be given, and replace what the names say', () => {
  const pairs: [string, string][] = [['nose_tip', 'mouth_left_corner']];
  const { mirror } = planOf({ horizontalFlip: true, keypointSwaps: pairs });
  expect(mirror.flatMap((partner, i) => (partner === i ? [] : [[i, partner]]))).toEqual([
    [10, 11],
    [11, 10],
  ]);
});

test('a point that leaves the image is missing', () => {
  const plan = planOf({ translation: 1 });
  const draws = drawAugmentation(plan, 3, 0, 200);
  let lost = 0;
  for (let i = 0; i < 200; i++) {
    const row = draws.subarray(i * DRAWS, (i + 1) * DRAWS);
    const x = 48 + row[DRAW.point + 2]!;
    const y = 48 + row[DRAW.point + 5]!;
    const out = movePoints(plan, new Float32Array(30).fill(48), row);
    const inside = x >= 0 && x <= 96 && y >= 0 && y <= 96;
    expect(out[0]).toBe(inside ? Math.fround(x) : Number.NaN);
    if (!inside) lost++;
  }
  expect(lost).toBeGreaterThan(80);
});

describe('draws', () => {
  const all = specOf({
    rotation: 20,
    zoom: 0.2,
    brightness: 0.3,
    erasing: { probability: 0.5, area: 0.3 },
    mixup: 0.4,
  });
  const draw = (seed: number, step: number, spec = all, n = 16) => drawAugmentation(planOf(spec), seed, step, n);
  test('depend on seed and step alone', () => {
    expect(draw(1, 5)).toEqual(draw(1, 5));
    expect(draw(1, 6)).not.toEqual(draw(1, 5));
    expect(draw(2, 5)).not.toEqual(draw(1, 5));
  });
  test('of one change are the same whatever else is on', () => {
    const alone = draw(1, 5, specOf({ brightness: 0.3 }));
    const among = draw(1, 5);
    for (let i = 0; i < 16; i++) expect(alone[i * DRAWS + DRAW.brightness]).toBe(among[i * DRAWS + DRAW.brightness]);
  });
  test('keep to their ranges and fill them', () => {
    const n = 2000;
    const rows = draw(1, 0, specOf({ ...all, contrast: 0.4 }), n);
    const column = (at: number) => Array.from({ length: n }, (_, i) => rows[i * DRAWS + at]!);
    const range = (values: number[]) => [Math.min(...values), Math.max(...values)] as const;
    const [dark, bright] = range(column(DRAW.brightness));
    expect([dark! >= -0.3, dark! < -0.29, bright! <= 0.3, bright! > 0.29]).toEqual([true, true, true, true]);
    const [low, high] = range(column(DRAW.contrast));
    expect([low! >= 0.6, low! < 0.61, high! <= 1.4, high! > 1.39]).toEqual([true, true, true, true]);
    const boxes = rows.length / DRAWS;
    let erased = 0;
    for (let i = 0; i < boxes; i++) {
      const [top, left, bottom, right] = rows.subarray(i * DRAWS + DRAW.top) as unknown as number[];
      if (bottom === 0) continue;
      erased++;
      expect(top! >= 0 && left! >= 0 && bottom! <= 96 && right! <= 96).toBe(true);
      expect((bottom! - top!) * (right! - left!)).toBeLessThanOrEqual(0.31 * 96 * 96);
    }
    expect(Math.abs(erased / boxes - 0.5)).toBeLessThan(0.05);
    expect(new Set(column(DRAW.partner)).size).toBe(n);
    // Beta(0.4, 0.4): mean 1/2, variance 1 / (4 (2 alpha + 1)).
    const shares = column(DRAW.share);
    const mean = shares.reduce((a, b) => a + b) / n;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
    expect(shares.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n).toBeCloseTo(1 / (4 * 1.8), 1);
  });
});

test('what a data set can’t be augmented by is named with its place', () => {
  const paths = (change: Partial<AugmentationSpec>, schema: DatasetSchema) =>
    checkAugmentation(specOf(change), schema).map((item) => item.path);
  expect(paths({ rotation: 5, mixup: 0.2 }, table)).toEqual(['/augmentation/rotation']);
  expect(paths({ saturation: 0.5, cropPadding: 28 }, digits)).toEqual([
    '/augmentation/saturation',
    '/augmentation/cropPadding',
  ]);
  expect(paths({ keypointSwaps: [['nose_tip', 'nose']] }, faces)).toEqual(['/augmentation/keypointSwaps/0']);
  expect(
    paths(
      {
        keypointSwaps: [
          ['nose_tip', 'left_eye_center'],
          ['nose_tip', 'right_eye_center'],
        ],
      },
      faces,
    ),
  ).toEqual(['/augmentation/keypointSwaps/1']);
  expect(paths({ rotation: 10, horizontalFlip: true, mixup: 1 }, faces)).toEqual([]);
  expect(checkAugmentation(null, table)).toEqual([]);
});

test('an augmentation of nothing is none', () => {
  expect(planAugmentation(specOf({}), digits, { kind: 'image', ...digits.image })).toBeNull();
  expect(planAugmentation(null, digits, { kind: 'image', ...digits.image })).toBeNull();
});

describe('the preview', () => {
  const items = Array.from({ length: 16 }, (_, i) => ({
    x: Float32Array.from({ length: 96 * 96 }, (_, p) => (p % 96) / 96),
    targets: Float32Array.from({ length: 30 }, (_, t) => 30 + t + i),
  }));
  test('shows what the step’s draws do to pictures and points', () => {
    const plan = planOf({ horizontalFlip: true });
    const draws = drawAugmentation(plan, 4, 2, 16);
    previewItems(plan, items, 4, 2).forEach(({ x, targets, share, partner }, i) => {
      const row = draws.subarray(i * DRAWS, (i + 1) * DRAWS);
      expect(targets).toEqual(movePoints(plan, items[i]!.targets, row));
      expect(x[0]).toBeCloseTo(row[DRAW.mirrored] ? 95 / 96 : 0, 5);
      expect([share, partner]).toEqual([1, i]);
    });
  });
  test('blends points where mixup is on', () => {
    for (const { targets, share, partner } of previewItems(planOf({ mixup: 1 }), items, 4, 2)) {
      const i = targets[0]! - 30;
      expect(targets[5]! - targets[0]!).toBeCloseTo(5, 3);
      expect(i).toBeLessThanOrEqual(Math.max(15, partner));
      expect(share).toBeGreaterThan(0);
    }
  });
  test('of smaller pictures crops in their pixels', () => {
    const half = scaledPlan(planOf({ cropPadding: 8 }), { height: 48, width: 48 }, 0.5);
    expect([half.spec.cropPadding, half.input.width]).toEqual([4, 48]);
  });
});

describe('a teacher says', () => {
  const named = (...classes: string[]): DatasetSchema => ({ ...digits, classes }) as DatasetSchema;
  test('that a mirrored character is another one, of classes that are named so', () => {
    const flip = specOf({ horizontalFlip: true });
    expect(augmentationNotes(flip, named('0', '1', '2'))).toHaveLength(1);
    expect(augmentationNotes(flip, named('a', 'b'))).toHaveLength(1);
    expect(augmentationNotes(flip, named('one', 'two'))).toHaveLength(1);
    expect(augmentationNotes(flip, named('cat', 'dog'))).toEqual([]);
    expect(augmentationNotes(specOf({ rotation: 10 }), named('0', '1'))).toEqual([]);
    expect(augmentationNotes(specOf({ rotation: 90 }), named('6', '9'))).toHaveLength(1);
  });
  test('which points a flip leaves with the wrong name', () => {
    expect(augmentationNotes(specOf({ horizontalFlip: true }), faces)).toEqual([]);
    expect(augmentationNotes(specOf({ horizontalFlip: true, keypointSwaps: [] }), faces)[0]).toMatch(/swaps none/);
    const pairs: [string, string][] = [['left_eye_center', 'right_eye_center']];
    expect(augmentationNotes(specOf({ verticalFlip: true, keypointSwaps: pairs }), faces)[0]).toMatch(
      /left_eye_inner_corner.* have no pair/,
    );
  });
});

describe('what a classification is asked for', () => {
  test('is its class, or the shares of two, the larger first', () => {
    expect(twoShares(1, 'a', 'a')).toEqual([{ name: 'a', share: 1 }]);
    expect(twoShares(0.75, 'a', 'a')).toEqual([{ name: 'a', share: 1 }]);
    expect(twoShares(0.25, 'a', 'b')).toEqual([
      { name: 'b', share: 0.75 },
      { name: 'a', share: 0.25 },
    ]);
  });
  test('is said in whole per cent, less than half of one left out', () => {
    expect(shareWords(twoShares(0.25, 'a', 'b'))).toEqual(['75 % b', '25 % a']);
    expect(shareWords(twoShares(0.998, 'a', 'b'))).toEqual(['a']);
  });
});

test('a name speaks of left, of right, or of neither', () => {
  expect(['left_eye', 'eyeR', 'nose_tip', 'left_to_right', 'constructor'].map(sideOf)).toEqual([
    'left',
    'right',
    null,
    null,
    null,
  ]);
});
