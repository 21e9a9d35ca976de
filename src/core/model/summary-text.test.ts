import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { keypointModel } from '../config/presets.ts';
import { LAYERS } from './fixtures/layers.ts';
import { planModel } from './plan.ts';
import { type InputSpec, modelSchema } from './spec.ts';
import { summaryText } from './summary-text.ts';

/** torchinfo's real output, written by `node bench/torchinfo.ts --python … --fixtures src/core/model/fixtures`. */
const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8').trimEnd();
const faces: InputSpec = { kind: 'image', height: 96, width: 96, channels: 1 };

test('the keypoint network at batch 128 is, character by character, what torchinfo prints', () => {
  const model = keypointModel(30);
  const text = summaryText(planModel(model, faces), 128);
  expect(text).toBe(fixture('torchinfo-keypoints.txt'));
  for (const figure of ['3,640,318', '(Units.GIGABYTES): 7.92', '4.72', '495.38', '14.56', '514.66'])
    expect(text).toContain(figure);
});

test.each([
  ['every layer', LAYERS.every, 32, 'torchinfo-layers.txt'],
  ['residual blocks, branches and sums, each at its depth', LAYERS.graph, 8, 'torchinfo-graph.txt'],
])('so is a network of %s', (_, layers, batch, text) => {
  const plan = planModel(modelSchema.parse({ layers }), { kind: 'image', height: 40, width: 56, channels: 3 });
  expect(summaryText(plan, batch)).toBe(fixture(text));
});

test('columns come in the order asked for', () => {
  const model = modelSchema.parse({ layers: [{ type: 'dense', units: 3 }] });
  const plan = planModel(model, { kind: 'vector', features: 4 });
  expect(summaryText(plan, 2, ['num_params', 'output_size']).split('\n').slice(0, 5)).toEqual([
    '='.repeat(90),
    'Layer (type:depth-idx)                   Param #                   Output Shape',
    '='.repeat(90),
    'Sequential                               --                        [2, 3]',
    '├─Linear: 1-1                            15                        [2, 3]',
  ]);
});

test('numbers round as Python rounds: exact halves to the even digit, whole ones without decimals', () => {
  const model = modelSchema.parse({ layers: [{ type: 'dense', units: 125, bias: false }] });
  const half = summaryText(planModel(model, { kind: 'vector', features: 16 }), 125);
  expect(half).toContain('Forward/backward pass size (MB): 0.12\n');
  expect(half).toContain('Total mult-adds (Units.MEGABYTES): 0.25\n');
  const three = summaryText(planModel(model, { kind: 'vector', features: 16 }), 375);
  expect(three).toContain('Forward/backward pass size (MB): 0.38\n');
  const whole = summaryText(planModel(model, { kind: 'vector', features: 8 }), 2_000_000);
  expect(whole).toContain('Total mult-adds (Units.GIGABYTES): 2\n');
});

test('a network without parameters has nothing to train', () => {
  const model = modelSchema.parse({ layers: [{ type: 'flatten' }] });
  const text = summaryText(planModel(model, faces), 1);
  expect(text).toContain(
    'Total params: 0\nTrainable params: 0\nNon-trainable params: 0\nTotal mult-adds (Units.MEGABYTES): 0',
  );
  expect(text).not.toContain('True');
});
