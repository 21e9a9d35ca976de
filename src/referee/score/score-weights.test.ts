import { expect, test } from 'vitest';
import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import { scoreWeights } from './score-weights.ts';

const splitDigest = 'ab'.repeat(32);
const model = { layers: [{ type: 'flatten' as const }] };
const answering = (answers: Float32Array) => ({ predict: async () => answers });

test('keypoints: missing points count for nothing, the baseline is the train part’s mean point', async () => {
  const schema: DatasetSchema = {
    kind: 'image-keypoints',
    image: { height: 96, width: 96, channels: 1 },
    targets: ['x', 'y'].map((name) => ({ name, offset: 48, scale: 48 })),
  };
  const nan = Number.NaN;
  const part = { x: new Uint8Array(0), y: Float32Array.of(10, 20, 30, nan, nan, nan, 50, 60), n: 4 };
  const predictions = Float32Array.of(13, 24, 30, 99, 99, 99, 50, 60);
  const trainY = Float32Array.of(10, 40, 30, nan);
  const given = { schema, model, weights: new Map(), part, trainY, splitDigest };
  const result = await scoreWeights(answering(predictions), given);
  if (result.metric !== 'rmse') throw new Error('not a regression');
  expect(result).toMatchObject({ n: 4, present: 5, unit: 'pixels' });
  expect(result.value).toBeCloseTo(Math.sqrt((9 + 16) / 5), 6);
  // Mean point of the train part: (20, 40).
  expect(result.baseline.value).toBeCloseTo(Math.sqrt((100 + 400 + 100 + 900 + 400) / 5), 6);
  expect(result.interval!.low).toBeLessThanOrEqual(result.value!);
  expect(result.interval!.high).toBeGreaterThanOrEqual(result.value!);
  expect(await scoreWeights(answering(predictions), given)).toEqual(result);
});

test('weights that answer no number get a result without a value', async () => {
  const schema: DatasetSchema = {
    kind: 'tabular-regression',
    columns: [],
    features: 1,
    targets: [{ name: 'progression', offset: 0, scale: 1 }],
  };
  const part = { x: new Float32Array(3), y: Float32Array.of(1, 2, 3), n: 3 };
  const given = { schema, model, weights: new Map(), part, trainY: Float32Array.of(2), splitDigest };
  expect(await scoreWeights(answering(Float32Array.of(1, Number.NaN, 3)), given)).toMatchObject({
    metric: 'rmse',
    value: null,
    interval: null,
    mae: null,
  });
});

test('classes: the baseline is the train part’s most frequent class, scored on the test part', async () => {
  const schema: DatasetSchema = {
    kind: 'tabular-classification',
    columns: [],
    features: 1,
    target: 'label',
    classes: ['no', 'yes'],
  };
  const part = { x: new Float32Array(4), y: Int32Array.of(0, 1, 1, 1), n: 4 };
  const given = { schema, model, weights: new Map(), part, trainY: Int32Array.of(1, 0, 0), splitDigest };
  const result = await scoreWeights(answering(Float32Array.of(2, 1, 0, 1, 0, 1, 5, 1)), given);
  expect(result).toMatchObject({ value: 0.75, right: 3, baseline: { value: 0.25 } });
  expect(result.baseline.description).toBe('always answers "no" (the most frequent class of the train part)');
});

test.each([
  [[0, 1, 2], 'always answers "a" (as good as any: all classes are equally frequent in the train part)'],
  [[1, 1, 2, 2, 0], 'always answers "b" (one of the 2 most frequent classes of the train part)'],
])('classes that are as frequent as others are not called the most frequent: %j', async (labels, description) => {
  const schema: DatasetSchema = {
    kind: 'tabular-classification',
    columns: [],
    features: 1,
    target: 'label',
    classes: ['a', 'b', 'c'],
  };
  const part = { x: new Float32Array(1), y: Int32Array.of(0), n: 1 };
  const given = { schema, model, weights: new Map(), part, trainY: Int32Array.from(labels), splitDigest };
  const result = await scoreWeights(answering(Float32Array.of(1, 0, 0)), given);
  expect(result.baseline).toEqual({ description, value: description.includes('"a"') ? 1 : 0 });
});
