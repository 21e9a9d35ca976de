import { describe, expect, test } from 'vitest';
import { planModel } from './plan.ts';
import { scaleWidth } from './scale.ts';
import { modelSchema } from './spec.ts';

const conv = (filters: number, more: object = {}) => ({
  type: 'conv2d',
  filters,
  kernelSize: 3,
  padding: 'same',
  ...more,
});
const image = { kind: 'image', height: 8, width: 8, channels: 3 } as const;

/** Channels of every layer that sets them, by the plan of the scaled model. */
function widths(layers: unknown[], factor: number): Record<string, number> {
  const plan = planModel(scaleWidth(modelSchema.parse({ layers }), factor), image);
  const set = plan.filter(({ spec }) => 'units' in spec || 'filters' in spec);
  return Object.fromEntries(set.map(({ name, output }) => [name, output.at(-1)!]));
}

describe('scaleWidth', () => {
  test('scales hidden layers, those inside of blocks too, and keeps the answer', () => {
    const layers = [
      conv(8, { name: 'a' }),
      {
        type: 'residual',
        name: 'r',
        layers: [{ type: 'separable_conv2d', name: 's', filters: 8, kernelSize: 3 }, conv(8, { name: 'b' })].map(
          (l) => ({ ...l, padding: 'same' }),
        ),
      },
      { type: 'batch_norm' },
      { type: 'depthwise_conv2d', kernelSize: 3 },
      { type: 'flatten' },
      { type: 'dense', units: 5, name: 'hidden' },
      { type: 'dense', units: 10, name: 'answer' },
      { type: 'activation', activation: 'softmax' },
    ];
    expect(widths(layers, 0.5)).toEqual({ a: 4, 'r/s': 4, 'r/b': 4, hidden: 3, answer: 10 });
    expect(widths(layers, 0.01)).toEqual({ a: 1, 'r/s': 1, 'r/b': 1, hidden: 1, answer: 10 });
    expect(widths(layers, 2)).toEqual({ a: 16, 'r/s': 16, 'r/b': 16, hidden: 10, answer: 10 });
  });

  test('keeps what is added to the input or to the answer, and what a reshape reads', () => {
    expect(
      widths(
        [
          conv(3, { name: 'a' }),
          { type: 'add', inputs: ['a', 'input'], name: 'sum' },
          conv(8, { name: 'b' }),
          conv(4, { name: 'c' }),
          { type: 'reshape', shape: [256] },
          { type: 'dense', units: 6, name: 'd' },
          { type: 'dense', units: 2, name: 'left', inputs: ['d'] },
          { type: 'dense', units: 2, name: 'right', inputs: ['d'] },
          { type: 'concatenate', inputs: ['left', 'right'] },
        ],
        2,
      ),
    ).toEqual({ a: 3, b: 16, c: 4, d: 12, left: 2, right: 2 });
  });

  test('a block whose input changes gets a projection, nothing else', () => {
    expect(
      widths(
        [
          { type: 'residual', name: 'r', layers: [conv(3, { name: 'a' })] },
          { type: 'flatten' },
          { type: 'dense', units: 2 },
        ],
        2,
      ),
    ).toEqual({
      'r/a': 6,
      'r/shortcut': 6,
      dense_1: 2,
    });
  });
});
