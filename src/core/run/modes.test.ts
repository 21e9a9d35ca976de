import { expect, test } from 'vitest';
import { defaultConfig } from '../config/presets.ts';
import { runConfigSchema } from '../config/run-config.ts';
import { REMEDIES, remedyWords } from '../remedies/index.ts';
import { withoutRemedies } from './modes.ts';

const input = { kind: 'image', height: 16, width: 16, channels: 1 } as const;
const task = { kind: 'classification', classes: 3 } as const;
const context = { input, task, trainItems: 500 };

test('one batch is learnt without anything that holds a network back, decay of the optimiser included', () => {
  const plain = runConfigSchema.parse({ ...defaultConfig(input, task, 500), optimizer: { kind: 'adamw' } });
  const full = REMEDIES.reduce((config, remedy) => remedy.apply(config, context) ?? config, {
    ...plain,
    l1: 0.1,
    l2: 0.1,
  });
  expect(remedyWords(full).length).toBeGreaterThanOrEqual(4);
  const bare = withoutRemedies(full);
  expect(bare).toMatchObject({ l1: 0, l2: 0, ema: null, augmentation: null, earlyStopping: null });
  expect(bare.optimizer).toMatchObject({ kind: 'adamw', weightDecay: 0 });
  // Batch norm is a part of the network; dropout stays in its place at rate 0, so that layers keep their names.
  expect(remedyWords(bare)).toEqual(['dropout 0', 'batch norm']);
});
