import { expect, test } from 'vitest';
import { runConfigSchema } from '#core/config/run-config.ts';
import { Checkpointer } from './checkpoint.ts';
import { newLoopState } from './loop-state.ts';
import { planFit } from './plan.ts';

const config = runConfigSchema.parse({
  model: { layers: [{ type: 'dense', units: 2 }] },
  optimizer: { kind: 'adam' },
  learningRate: 0.01,
  batchSize: 4,
  epochs: 3,
});

test('a store that refuses is told of once, and again when it takes checkpoints; nothing that was to be saved is forgotten', async () => {
  const log: string[] = [];
  const saved: (number | undefined)[] = [];
  let full = true;
  const checkpointer = new Checkpointer(
    { state: async () => new Map(), weights: async () => new Map() },
    planFit(config, { kind: 'classification', classes: 2 }, 8),
    {
      async save({ best }) {
        if (full) throw new Error('no space left on device');
        saved.push(best?.epoch);
      },
    },
    { flush: async () => {}, log: (_, message) => log.push(message) },
    null,
  );
  const state = { ...newLoopState(), epoch: 1, step: 2 };
  await checkpointer.onEpoch({ state, improved: true });
  await checkpointer.saveLast(state);
  await checkpointer.saveLast(state);
  expect(log).toEqual(['A checkpoint could not be saved and is tried again: no space left on device']);
  full = false;
  await checkpointer.saveLast(state);
  await checkpointer.saveLast(state);
  expect(log.slice(1)).toEqual(['Checkpoints are saved again, this one at step 2.']);
  expect(saved).toEqual([1, undefined]);
});

test('epochs of a large model are not gathered in memory: the training waits until they are saved', async () => {
  const large = new Map([['w', { dtype: 'float32' as const, shape: [2 ** 24], data: new Float32Array(2 ** 24) }]]);
  const saved: number[][] = [];
  const checkpointer = new Checkpointer(
    { state: async () => new Map(), weights: async () => large },
    planFit({ ...config, checkpoints: { keepBest: 1, everyEpochs: 1 } }, { kind: 'classification', classes: 2 }, 8),
    {
      async save({ kept }) {
        saved.push((kept ?? []).map(({ epoch }) => epoch));
      },
    },
    { flush: async () => {}, log: () => {} },
    null,
  );
  for (const epoch of [1, 2, 3])
    await checkpointer.onEpoch({ state: { ...newLoopState(), epoch, step: 2 * epoch }, improved: false });
  expect(saved).toEqual([[1, 2, 3]]);
});
