import { afterAll, describe, expect, test } from 'vitest';
import type { Engine, TensorMap } from './engine.ts';
import { convSpec, images, openEngines } from './testing.ts';

const engines = await openEngines();
afterAll(() => Promise.all(engines.map((e) => e.close())));

const LAYERS = [
  { type: 'conv2d', name: 'conv1', filters: 3, kernelSize: 3, activation: 'relu' },
  { type: 'flatten' },
  { type: 'dense', name: 'hidden', units: 4 },
  { type: 'dense', name: 'answer', units: 3 },
];
const spec = convSpec({ layers: LAYERS, batchSize: 4, accumulate: 2 });

async function stateOf(engine: Engine): Promise<TensorMap> {
  const fit = await engine.openFit(spec, images(12), images(12));
  try {
    return await fit.state();
  } finally {
    await fit.close();
  }
}

/** The state with one weight's numbers set, by their last side where they differ. */
function withWeight(state: TensorMap, name: string, ...values: number[]): TensorMap {
  const { shape, data } = state.get(name)!;
  const set = Float32Array.from({ length: data.length }, (_, i) => values[i % values.length]!);
  return new Map([...state, [name, { shape, dtype: 'float32', data: set }]]);
}

describe.each(engines.map((engine) => [engine.info.kind, engine] as const))('%s', (_, engine) => {
  test('names what of a step is the first not to be finite', async () => {
    const state = await stateOf(engine);
    const find = (changed: TensorMap) => engine.findBreak(spec, changed, images(6), 3);
    expect(await find(state)).toBeNull();
    expect(await find(withWeight(state, 'hidden/kernel', Number.NaN))).toEqual({ what: 'weights', layer: 'hidden' });
    // Finite weights, infinite sums.
    const flat = withWeight(withWeight(state, 'conv1/kernel', 0), 'conv1/bias', 1e30);
    expect(await find(withWeight(flat, 'hidden/kernel', 1e10))).toEqual({ what: 'output', layer: 'hidden' });
    // Every answer is finite, and so is the loss; the gradient is a product of 1e30 and 1e20.
    const steady = withWeight(withWeight(flat, 'hidden/kernel', 0), 'hidden/bias', 1);
    expect(await find(withWeight(steady, 'answer/kernel', 1e20, 0, 0))).toEqual({ what: 'gradient', layer: 'hidden' });
  });
});
