import { expect, test } from 'vitest';
import { type BestRule, earliestEnd, foldBest, isPatienceOver, NO_BEST } from './early-stopping.ts';

function walk(rule: BestRule, values: number[]) {
  let memory = NO_BEST;
  return values.map((value, i) => {
    const folded = foldBest(rule, memory, i + 1, value);
    memory = folded.memory;
    return folded;
  });
}

test('keeps the first best and counts the epochs since', () => {
  const last = walk({ direction: 'max', minDelta: 0, warmupEpochs: 0 }, [0.5, 0.7, 0.7, 0.6]).at(-1)!;
  expect(last.memory).toEqual({ best: 0.7, bestEpoch: 2, waited: 2 });
  expect(isPatienceOver(last.memory, 2)).toBe(true);
  expect(isPatienceOver(last.memory, 3)).toBe(false);
});

test('a change up to minDelta does not count', () => {
  const steps = walk({ direction: 'min', minDelta: 0.125, warmupEpochs: 0 }, [1, 0.875, 0.75]);
  expect(steps.map((s) => s.improved)).toEqual([true, false, true]);
});

test('warm-up epochs are not looked at', () => {
  const steps = walk({ direction: 'min', minDelta: 0, warmupEpochs: 2 }, [0.1, 0.2, 0.9, 0.8]);
  expect(steps.map((s) => s.improved)).toEqual([false, false, true, true]);
});

test('a value that is not a number is never best', () => {
  const steps = walk({ direction: 'min', minDelta: 0, warmupEpochs: 0 }, [Number.NaN, 2, Number.NEGATIVE_INFINITY]);
  expect(steps.map((s) => s.improved)).toEqual([false, true, false]);
  expect(JSON.parse(JSON.stringify(steps[2]!.memory))).toEqual({ best: 2, bestEpoch: 2, waited: 1 });
});

test.each([
  [1, 0],
  [5, 0],
  [2, 10],
])('a run that never gets better is ended as early as is said: patience %i, warm-up %i', (patience, warmupEpochs) => {
  const steps = walk({ direction: 'min', minDelta: 0, warmupEpochs }, Array(30).fill(1));
  const ended = steps.findIndex(({ memory }) => isPatienceOver(memory, patience)) + 1;
  expect(ended).toBe(earliestEnd({ patience, warmupEpochs }));
});
