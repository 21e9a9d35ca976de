import { expect, test } from 'vitest';
import { type CurveRun, sameCurvesWords } from './same-curves.ts';

const byAccuracy = { series: 'accuracy/validation', direction: 'max' } as const;
const byLoss = { series: 'loss/validation', direction: 'min' } as const;
const run = (seed: number, more: Partial<CurveRun> = {}): CurveRun => ({
  seed,
  epoch: 10,
  bestEpoch: 9,
  watched: byAccuracy,
  end: { 'loss/train': 0.1, 'loss/validation': 0.142, 'accuracy/train': 1, 'accuracy/validation': 0.96 + seed / 100 },
  ...more,
});
const say = (base: CurveRun[], changed: CurveRun[]) => sameCurvesWords('early stopping', base, changed);

test('where the curves are the same the change never acted, and what differs is which epoch is kept', () => {
  expect(say([run(0)], [run(0, { bestEpoch: 6, watched: byLoss })])).toBe(
    'It never acted: the curves are the same; only the epoch whose weights are kept differs. As it was, that is the one of the highest validation accuracy (epoch 9); with early stopping, the one of the lowest validation loss (epoch 6).',
  );
  expect(
    say(
      [run(0), run(1, { bestEpoch: 8 })],
      [run(0, { bestEpoch: 6, watched: byLoss }), run(1, { bestEpoch: 7, watched: byLoss })],
    ),
  ).toMatch(/accuracy \(epochs 9 and 8\); .* loss \(epochs 6 and 7\)\.$/);
  expect(say([run(0)], [run(0)])).toBe(
    'It never acted: the curves are the same, and the weights of the same epoch are kept.',
  );
});

test('one seed that it changed, has no pair, or became no number is enough to compare as ever', () => {
  expect(say([run(0), run(1)], [run(0), run(1, { epoch: 7 })])).toBeNull();
  expect(say([run(0)], [run(0, { end: { ...run(0).end, 'loss/validation': 0.143 } })])).toBeNull();
  expect(say([run(0)], [run(1)])).toBeNull();
  expect(say([run(0)], [])).toBeNull();
  const nothing = { end: { 'loss/train': null, 'loss/validation': null } };
  expect(say([run(0, nothing)], [run(0, nothing)])).toBeNull();
});
