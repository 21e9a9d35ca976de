import { afterAll, describe, expect, test } from 'vitest';
import { planModel } from '#core/model/plan.ts';
import { modelSchema } from '#core/model/spec.ts';
import type { Fit } from '../engine.ts';
import { batchOf, convSpec, IMAGE, images, openEngines } from '../testing.ts';
import { postpone } from './postpone.ts';

const of = (layers: unknown[]) => {
  const { plan, activations } = postpone(planModel(modelSchema.parse({ layers }), IMAGE));
  const kept = plan.map(({ spec }) => ('activation' in spec ? spec.activation : '-'));
  return [kept.join(' '), Object.fromEntries(activations)] as const;
};
const conv = (more: object = {}) => ({ type: 'conv2d', filters: 2, kernelSize: 3, activation: 'relu', ...more });
const pool = (more: object = {}) => ({ type: 'max_pool2d', name: 'pool', ...more });

test('a rising activation moves behind the max pooling that alone reads it', () => {
  expect(of([conv(), pool()])).toEqual(['linear -', { pool: 'relu' }]);
  expect(of([{ type: 'batch_norm' }, { type: 'activation', activation: 'elu' }, pool()])).toEqual([
    '- linear -',
    { pool: 'elu' },
  ]);
  expect(of([conv({ activation: 'tanh' }), { type: 'global_max_pool2d', name: 'pool' }])).toEqual([
    'linear -',
    { pool: 'tanh' },
  ]);
});

test('others stay where they are', () => {
  expect(of([conv({ activation: 'swish' }), pool()])[1]).toEqual({});
  expect(of([conv(), { type: 'average_pool2d' }])[1]).toEqual({});
  expect(of([conv(), { type: 'dropout', rate: 0.5 }, pool()])[1]).toEqual({});
  expect(of([conv()])[0]).toBe('relu');
  // Something else reads the same.
  const twice = [
    conv({ name: 'a', padding: 'same' }),
    pool({ inputs: ['a'], poolSize: 1 }),
    { type: 'add', inputs: ['a', 'pool'] },
  ];
  expect(of(twice)[1]).toEqual({});
  const block = { type: 'residual', name: 'block', layers: [conv({ padding: 'same' })], activation: 'relu' };
  expect(of([block, pool()])[1]).toEqual({});
});

const engines = await openEngines();
afterAll(() => Promise.all(engines.map((engine) => engine.close())));

describe.each(engines.map((engine) => [engine.info.kind, engine] as const))('%s', (_, engine) => {
  test.each(['relu', 'leaky_relu', 'elu', 'selu', 'tanh', 'sigmoid'])(
    '%s: losses and weights are those of the order as written',
    async (activation) => {
      // A dropout that drops nothing between them keeps the order.
      const layers = (between: unknown[]) => [
        { type: 'conv2d', filters: 4, kernelSize: 3, activation },
        ...between,
        { type: 'max_pool2d' },
        { type: 'flatten' },
        { type: 'dense', units: 3 },
      ];
      const part = images(31);
      const spec = (between: unknown[]) =>
        convSpec({ layers: layers(between), optimizer: { kind: 'sgd', momentum: 0 } });
      const fits: Fit[] = [];
      for (const between of [[], [{ type: 'dropout', rate: 0 }]])
        fits.push(await engine.openFit(spec(between), part, part));
      for (let step = 0; step < 10; step++) {
        const [a, b] = await Promise.all(fits.map((fit) => fit.step(batchOf(step, 12, 31), 0.05)));
        expect(Math.abs(a!.loss / b!.loss - 1)).toBeLessThan(1e-5);
      }
      const [a, b] = [await fits[0]!.evaluate('validation'), await fits[1]!.evaluate('validation')];
      expect(Math.abs(a.loss / b.loss - 1)).toBeLessThan(1e-5);
      for (const fit of fits) await fit.close();
    },
  );
});
