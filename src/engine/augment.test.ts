import type { Tensor } from '@tensorflow/tfjs';
import { afterAll, describe, expect, test } from 'vitest';
import { DRAW, DRAWS, drawAugmentation } from '#core/augmentation/draw.ts';
import type { AugmentationPlan } from '#core/augmentation/plan.ts';
import { blended, movePoints, renderImages } from '#core/augmentation/render.ts';
import { type AugmentationSpec, augmentationSchema } from '#core/augmentation/spec.ts';
import type { TaskSpec } from '#core/model/spec.ts';
import type { Engine, Fit, FitSpec, PartArrays } from './engine.ts';
import { augment, withDraws } from './model/augment.ts';
import { composedOps } from './model/composed-ops.ts';
import type { Ops } from './model/ops.ts';
import { type Batch, type Problem, problemOf } from './model/problem.ts';
import { fusedOps } from './tensorflow/fused-ops.ts';
import { findLibrary } from './tensorflow/library.ts';
import { BACKEND, sharedRuntime } from './tensorflow/runtime.ts';
import { batchOf, convSpec, IMAGE, images, openEngines, TEST_LIBRARY, THREE_CLASSES, wave } from './testing.ts';
import { onBackend, tf } from './tfjs.ts';

const engines = await openEngines();
afterAll(() => Promise.all(engines.map((e) => e.close())));

/** The operations of each engine, on the backend that they are for. */
const OPS: Record<Engine['info']['kind'], () => [string, Ops]> = {
  tensorflow: () => [BACKEND, fusedOps(sharedRuntime(findLibrary(TEST_LIBRARY), 2))],
  wasm: () => ['wasm', composedOps()],
};

const SIDES = { height: 9, width: 12 };
type ImagePlan = AugmentationPlan & { input: { kind: 'image' } };
const planOf = (change: Partial<AugmentationSpec>, channels: 1 | 3 | 4 = 3, more: Partial<AugmentationPlan> = {}) =>
  ({
    spec: augmentationSchema.parse(change),
    input: { kind: 'image', ...SIDES, channels },
    points: [],
    mirror: [],
    ...more,
  }) as ImagePlan;
const N = 6;
const inputs = (channels: number, { height, width } = SIDES) =>
  wave(N * height * width * channels, 0.4, 0.5).map((v) => v + 0.5);
const SEED = 7;
const STEP = 3;

function augmented(
  kind: Engine['info']['kind'],
  plan: AugmentationPlan,
  batch: (t: typeof tf) => Batch,
  task: TaskSpec = THREE_CLASSES,
  step = STEP,
) {
  const [backend, ops] = OPS[kind]();
  const problem: Problem = { ...problemOf(ops, convSpec({ seed: SEED })), plan: [], task, augmentation: plan };
  return onBackend(backend, () => {
    const [made] = augment(problem, [withDraws(problem, batch(tf), step)], tf.scalar(step, 'int32')) as [Batch];
    const values = (t: Tensor | undefined) => t && (t.dataSync().slice() as Float32Array);
    return { x: values(made.x)!, y: values(made.y)!, present: values(made.present) };
  });
}

const imageBatch =
  (x: Float32Array, channels: number, { height, width } = SIDES) =>
  (t: typeof tf): Batch => ({
    x: t.tensor(x, [N, height, width, channels]),
    y: t.tensor1d([0, 1, 2, 0, 1, 2], 'int32'),
  });

const expectClose = (got: ArrayLike<number>, expected: ArrayLike<number>, within = 1e-5) => {
  expect(got.length).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < got.length; i++) worst = Math.max(worst, Math.abs(got[i]! - expected[i]!));
  expect(worst).toBeLessThan(within);
};

const CHANGES: [string, Partial<AugmentationSpec>, (1 | 3 | 4)?][] = [
  ['rotation', { rotation: 40 }],
  ['horizontal flip', { horizontalFlip: true }],
  ['vertical flip', { verticalFlip: true }],
  ['crop with padding', { cropPadding: 3 }],
  ['translation', { translation: 0.3 }],
  ['zoom', { zoom: 0.5 }],
  ['shear', { shear: 30 }],
  ['brightness', { brightness: 0.5 }],
  ['contrast', { contrast: 0.6 }],
  ['saturation', { saturation: 0.7 }],
  ['erasing', { erasing: { probability: 1, area: 0.4 } }],
  ['mixup', { mixup: 1 }],
  ['contrast of grey images', { contrast: 0.6 }, 1],
  [
    'colour with alpha',
    { rotation: 9, brightness: 0.5, contrast: 0.4, saturation: 0.5, erasing: { probability: 1, area: 0.4 } },
    4,
  ],
  [
    'all at once',
    {
      rotation: 20,
      horizontalFlip: true,
      verticalFlip: true,
      cropPadding: 2,
      translation: 0.1,
      zoom: 0.3,
      shear: 10,
      brightness: 0.2,
      contrast: 0.2,
      saturation: 0.2,
      erasing: { probability: 0.5, area: 0.2 },
      mixup: 0.4,
    },
  ],
];

describe.each(engines.map((engine) => [engine.info.kind, engine] as const))('%s', (kind, engine) => {
  test.each(CHANGES)('%s changes images as the preview draws them', (_, change, channels = 3) => {
    const plan = planOf(change, channels);
    const x = inputs(channels);
    const draws = drawAugmentation(plan, SEED, STEP, N);
    const expected = renderImages(plan, x, draws, () => Number.NaN);
    const got = augmented(kind, plan, imageBatch(x, channels));
    expectClose(got.x, expected);
    expect(Math.max(...got.x.map((v, i) => Math.abs(v - x[i]!)))).toBeGreaterThan(0.02);
  });

  test('noise has the deviation that was asked for, another one each step, and the same one for the same step', () => {
    const plan = planOf({ noise: 0.1 });
    const grey = new Float32Array(N * SIDES.height * SIDES.width * 3).fill(0.5);
    const { x } = augmented(kind, plan, imageBatch(grey, 3));
    const deviation = Math.sqrt(x.reduce((sum, v) => sum + (v - 0.5) ** 2, 0) / x.length);
    // Four standard errors of 1,944 numbers.
    expect(Math.abs(deviation - 0.1)).toBeLessThan(4 * (0.1 / Math.sqrt(2 * x.length)));
    expect(augmented(kind, plan, imageBatch(grey, 3)).x).toEqual(x);
    expect(augmented(kind, plan, imageBatch(grey, 3), THREE_CLASSES, STEP + 1).x).not.toEqual(x);
  });

  test('classes are blended in the shares that their images are', () => {
    const plan = planOf({ mixup: 1 });
    const draws = drawAugmentation(plan, SEED, STEP, N);
    const labels = Float32Array.from([1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1]);
    const { y } = augmented(kind, plan, imageBatch(inputs(3), 3));
    expectClose(y, blended(labels, draws, 3));
    expect(y.some((share) => share > 0.05 && share < 0.95)).toBe(true);
  });

  test('targets of rows are blended where both rows have them', () => {
    const task: TaskSpec = { kind: 'regression', targets: 2, offset: [0, 0], scale: [1, 1], unit: '' };
    const plan: AugmentationPlan = { ...planOf({ mixup: 1 }), input: { kind: 'vector', features: 4 } };
    const [x, y] = [wave(4 * N, 0.3, 2), wave(2 * N, 1, 3)];
    const known = Float32Array.from({ length: 2 * N }, (_, i) => (i === 3 || i === 8 ? 0 : 1));
    const draws = drawAugmentation(plan, SEED, STEP, N);
    const got = augmented(
      kind,
      plan,
      (t) => ({ x: t.tensor(x, [N, 4]), y: t.tensor(y, [N, 2]), present: t.tensor(known, [N, 2]) }),
      task,
    );
    expectClose(got.x, blended(x, draws, 4));
    expectClose(got.y, blended(y, draws, 2));
    const both = Array.from(known, (v, i) => v * known[2 * draws[(i >> 1) * DRAWS + DRAW.partner]! + (i % 2)]!);
    expect(Array.from(got.present!)).toEqual(both);
    expect(both.filter((v) => v === 0).length).toBeGreaterThan(2);
  });

  describe('keypoints', () => {
    const side = 32;
    const square = { height: side, width: side };
    const task: TaskSpec = {
      kind: 'regression',
      targets: 5,
      offset: [16, 16, 3, 16, 16],
      scale: [16, 16, 2, 16, 16],
      unit: 'pixels',
    };
    // Targets: ax, ay, something else, bx, by.
    const points = [
      { x: 0, y: 1 },
      { x: 3, y: 4 },
    ];
    const plan = (change: Partial<AugmentationSpec>) => {
      const made = planOf(change, 1, { points, mirror: [1, 0] });
      return { ...made, input: { ...made.input, ...square } } as ImagePlan;
    };
    const targets = Float32Array.from({ length: N * 5 }, (_, i) =>
      i % 5 === 2 ? i : 13 + 3 * Math.sin(7 * i) + (i % 5 > 2 ? 4 : 0),
    );
    const normalised = targets.map((v, i) => (v - task.offset[i % 5]!) / task.scale[i % 5]!);
    /** A bright spot around one point of each item. */
    const spots = (from: Float32Array, x: number, y: number) =>
      Float32Array.from({ length: N * side * side }, (_, i) => {
        const [item, row, column] = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side];
        const far = (column + 0.5 - from[item * 5 + x]!) ** 2 + (row + 0.5 - from[item * 5 + y]!) ** 2;
        return Math.exp(-far / 8);
      });
    const centre = (image: Float32Array) => {
      let [mass, x, y] = [0, 0, 0];
      image.forEach((v, i) => {
        mass += v;
        x += v * ((i % side) + 0.5);
        y += v * (Math.floor(i / side) + 0.5);
      });
      return [x / mass, y / mass] as const;
    };
    const batch =
      (x: Float32Array, present?: Float32Array) =>
      (t: typeof tf): Batch => ({
        x: t.tensor(x, [N, side, side, 1]),
        y: t.tensor(present ? normalised.map((v, i) => v * present[i]!) : normalised, [N, 5]),
        present: present && t.tensor(present, [N, 5]),
      });

    test.each([
      ['rotation', { rotation: 25 }],
      ['flips', { horizontalFlip: true, verticalFlip: true }],
      ['crop', { cropPadding: 4 }],
      ['translation', { translation: 0.1 }],
      ['zoom', { zoom: 0.3 }],
      ['shear', { shear: 20 }],
      [
        'all at once',
        { rotation: 15, horizontalFlip: true, verticalFlip: true, zoom: 0.2, shear: 10, translation: 0.05 },
      ],
    ] as [string, Partial<AugmentationSpec>][])('%s: a spot on the image lands where its target says', (_, change) => {
      const geometric = plan(change);
      const draws = drawAugmentation(geometric, SEED, STEP, N);
      // Point a of the new item is point b of the old one where sides are swapped.
      for (const [from, to] of [
        [0, 1],
        [1, 0],
      ] as const) {
        const { x, y, present } = augmented(
          kind,
          geometric,
          batch(spots(targets, points[from]!.x, points[from]!.y)),
          task,
        );
        for (let i = 0; i < N; i++) {
          const named = draws[i * DRAWS + DRAW.mirrored] ? to : from;
          const at = (t: number) => y[i * 5 + t]! * task.scale[t]! + task.offset[t]!;
          const [cx, cy] = centre(x.subarray(i * side * side, (i + 1) * side * side));
          const { x: tx, y: ty } = points[named]!;
          expect(present![i * 5 + tx]).toBe(1);
          expect(Math.hypot(cx - at(tx), cy - at(ty)), `item ${i}`).toBeLessThan(0.05);
        }
      }
    });

    test('are those of the preview, missing ones too; what is no coordinate stays', () => {
      const geometric = plan({ rotation: 90, horizontalFlip: true, translation: 0.5 });
      const present = Float32Array.from({ length: N * 5 }, (_, i) => (i === 3 || i === 12 || i === 20 ? 0 : 1));
      const draws = drawAugmentation(geometric, SEED, STEP, N);
      const { y, present: known } = augmented(kind, geometric, batch(spots(targets, 0, 1), present), task);
      const expected = Array.from({ length: N }, (_, i) => {
        const own = targets.slice(i * 5, i * 5 + 5).map((v, t) => (present[i * 5 + t] ? v : Number.NaN));
        return [...movePoints(geometric, own, draws.subarray(i * DRAWS, (i + 1) * DRAWS))];
      }).flat();
      expect(Array.from(known!)).toEqual(expected.map((v) => (Number.isNaN(v) ? 0 : 1)));
      expect(known!.filter((v) => v === 0).length).toBeGreaterThan(6);
      expectClose(
        Array.from(y, (v, i) => v * task.scale[i % 5]! + (known![i] ? task.offset[i % 5]! : 0)),
        expected.map((v) => v || 0),
        1e-4,
      );
    });
  });

  const step0 = (spec: FitSpec, part: PartArrays) =>
    withFit(engine, spec, part, async (fit) => ({
      result: await fit.step(batchOf(0, 12, 12), 0),
      evaluated: await fit.evaluate('train'),
      mode: fit.mode.kind,
    }));

  test('a run trains on the changed items, and evaluates the items as they are', async () => {
    const augmentation: AugmentationPlan = {
      spec: augmentationSchema.parse({ horizontalFlip: true, cropPadding: 2 }),
      input: IMAGE,
      points: [],
      mirror: [],
    };
    const part = images(12);
    const order = batchOf(0, 12, 12);
    const picked = Float32Array.from(
      { length: 12 * 64 },
      (_, i) => (part.x[order[Math.floor(i / 64)]! * 64 + (i % 64)] as number) / 255,
    );
    const spec = convSpec();
    const drawn = drawAugmentation(augmentation, spec.seed, 0, 12);
    const rendered = renderImages(augmentation as ImagePlan, picked, drawn, () => Number.NaN);
    // Flips and whole pixels are exact in bytes: the same items, changed before, give the same loss.
    const x = new Uint8Array(12 * 64);
    const y = new Int32Array(12);
    order.forEach((item, row) => {
      x.set(
        rendered.subarray(row * 64, row * 64 + 64).map((v) => Math.round(v * 255)),
        item * 64,
      );
      y[item] = part.y[item]!;
    });
    const plain = await step0(spec, part);
    const changed = await step0({ ...spec, augmentation }, part);
    const before = await step0(spec, { x, y, n: 12 });
    expect(changed.result.loss).toBeCloseTo(before.result.loss, 4);
    expect(Math.abs(changed.result.loss - plain.result.loss)).toBeGreaterThan(1e-3);
    expect(changed.mode).toBe(kind === 'tensorflow' ? 'compiled' : 'eager');
  });

  test('mixup’s loss is the cross-entropy with the blended classes, and its accuracy their share', async () => {
    const vector = { kind: 'vector', features: 5 } as const;
    const layers = [{ type: 'dense', units: 3 }];
    const spec = convSpec({ layers, input: vector, batchSize: 8, optimizer: { kind: 'sgd', momentum: 0 } });
    const augmentation: AugmentationPlan = {
      spec: augmentationSchema.parse({ mixup: 1 }),
      input: vector,
      points: [],
      mirror: [],
    };
    const n = 8;
    const x = wave(5 * n, 0.3, 2);
    const y = Int32Array.from({ length: n }, (_, i) => (7 * i) % 3);
    const draws = drawAugmentation(augmentation, spec.seed, 0, n);
    const shares = blended(
      Float32Array.from({ length: 3 * n }, (_, i) => Number(y[Math.floor(i / 3)] === i % 3)),
      draws,
      3,
    );
    await withFit(engine, { ...spec, augmentation }, { x, y, n }, async (fit) => {
      const logits = await engine.predict(
        spec.model,
        vector,
        THREE_CLASSES,
        await fit.weights(),
        blended(x, draws, 5),
        n,
      );
      const result = await fit.step(
        Int32Array.from({ length: n }, (_, i) => i),
        0.1,
      );
      let loss = 0;
      let right = 0;
      for (let i = 0; i < n; i++) {
        const row = Array.from(logits.subarray(3 * i, 3 * i + 3));
        const log = Math.log(row.reduce((sum, v) => sum + Math.exp(v), 0));
        row.forEach((v, k) => {
          loss -= shares[3 * i + k]! * (v - log);
        });
        right += shares[3 * i + row.indexOf(Math.max(...row))]!;
      }
      expect(result.loss).toBeCloseTo(loss / n, 5);
      expect(result.metricSum).toBeCloseTo(right, 5);
    });
  });

  test('restored in a new session, augmented steps go on bit for bit', async () => {
    const spec: FitSpec = {
      ...convSpec({ batchSize: 12 }),
      augmentation: {
        spec: augmentationSchema.parse({
          rotation: 10,
          zoom: 0.1,
          noise: 0.05,
          contrast: 0.2,
          mixup: 0.4,
          erasing: {},
        }),
        input: IMAGE,
        points: [],
        mirror: [],
      },
    };
    const steps = async (fit: Fit, from: number, to: number) => {
      const results = [];
      for (let i = from; i < to; i++) results.push(await fit.step(batchOf(i, i % 3 ? 12 : 7, 30), 1e-2));
      return results;
    };
    const whole = await withFit(engine, spec, images(30), (fit) => steps(fit, 0, 6));
    const saved = await withFit(engine, spec, images(30), async (fit) => {
      await steps(fit, 0, 3);
      return fit.state();
    });
    await withFit(engine, spec, images(30), async (fit) => {
      await fit.restore(saved);
      expect(await steps(fit, 3, 6)).toEqual(whole.slice(3));
    });
  });
});

async function withFit<T>(engine: Engine, spec: FitSpec, part: PartArrays, use: (fit: Fit) => Promise<T>): Promise<T> {
  const fit = await engine.openFit(spec, part, part);
  try {
    return await use(fit);
  } finally {
    await fit.close();
  }
}
