import { expect, test } from 'vitest';
import { defaultConfig } from '../config/presets.ts';
import { optimizerSchema } from '../config/run-config.ts';
import { weightPenalty } from './weight-penalty.ts';

const input = { kind: 'vector', features: 4 } as const;
const task = { kind: 'classification', classes: 3 } as const;
const context = { input, task, trainItems: 100 };
const plain = defaultConfig(input, task, 100);

test('AdamW decays more, tenfold each time, and gets no second penalty', () => {
  let config = { ...plain, optimizer: optimizerSchema.parse({ kind: 'adamw', weightDecay: 0 }) };
  const decays = [];
  for (let next = weightPenalty.apply(config, context); next; next = weightPenalty.apply(config, context)) {
    config = next;
    expect(config.l2).toBe(0);
    decays.push(weightPenalty.words(config));
  }
  expect(decays).toEqual(['decay 0.01', 'decay 0.1', 'decay 0.5']);
});

test('every part is told', () => {
  const optimizer = optimizerSchema.parse({ kind: 'adamw' });
  expect(weightPenalty.words({ ...plain, l1: 0.01, l2: 1e-4, optimizer })).toBe('L1 0.01, L2 0.0001, decay 0.01');
  expect(weightPenalty.words(plain)).toBe('');
});
