import { expect, test } from 'vitest';
import { scheduleSchema } from '../config/run-config.ts';
import { foldPlateau, NO_PLATEAU, type PlateauMemory, type PlateauSpec } from './plateau.ts';

const spec = (change: object = {}) =>
  scheduleSchema.parse({ kind: 'plateau', direction: 'min', patience: 1, ...change }) as PlateauSpec;

/** How often the rate has fallen after each epoch. */
function falls(rule: PlateauSpec, values: number[]): number[] {
  let memory: PlateauMemory = NO_PLATEAU;
  return values.map((value, i) => {
    // As a checkpoint keeps it.
    memory = foldPlateau(rule, JSON.parse(JSON.stringify(memory)), i + 1, value);
    return memory.falls;
  });
}

test('falls once more than `patience` epochs bring nothing better, and waits anew', () => {
  expect(falls(spec(), [3, 2, 2, 2, 2, 2])).toEqual([0, 0, 0, 1, 1, 2]);
  expect(falls(spec({ direction: 'max' }), [1, 2, 3, 2, 2, 2])).toEqual([0, 0, 0, 0, 1, 1]);
});

test('a change up to minDelta does not count, nor does what is not a number', () => {
  expect(falls(spec({ minDelta: 0.5 }), [3, 2.6, 2.6])).toEqual([0, 0, 1]);
  expect(falls(spec(), [Number.NaN, Number.NaN, 1])).toEqual([0, 1, 1]);
});

test('nothing counts in the cooldown and in the warm-up', () => {
  expect(falls(spec({ cooldownEpochs: 2 }), [1, 1, 1, 1, 1, 1, 1])).toEqual([0, 0, 1, 1, 1, 1, 2]);
  expect(falls(spec({ warmupEpochs: 3 }), [1, 2, 2, 2, 2, 2])).toEqual([0, 0, 0, 0, 0, 1]);
});
