import { describe, expect, test } from 'vitest';
import { modelSchema } from '../model/spec.ts';
import { startFromSchema } from '../transfer/start-from.ts';
import { ladderSizes, ladderWords, rungOf, whyNoLadder } from './ladder.ts';
import type { ArmRun } from './measures.ts';

const run = (seed: number, end: [number, number], kept: [number, number]): ArmRun => ({
  seed,
  end: { 'loss/train': end[0], 'loss/validation': end[1] },
  kept: { 'loss/train': kept[0], 'loss/validation': kept[1] },
});
/** Losses as [train, validation]. */
const rungs = (small: [number, number], large: [number, number]) => [
  rungOf(0.5, 1000, [run(0, small, [0.3, 0.31])]),
  rungOf(2, 16_000, [run(0, large, [0.25, 0.35])]),
];

test('a ladder has as many sizes as differ', () => {
  const model = (units: number) =>
    modelSchema.parse({
      layers: [
        { type: 'dense', units },
        { type: 'dense', units: 3 },
      ],
    });
  expect([64, 4, 2].map((units) => ladderSizes(model(units)))).toEqual([5, 4, 3]);
});

test('what is taken over and what has no hidden layer has none, with the reason', () => {
  const deep = modelSchema.parse({
    layers: [
      { type: 'dense', units: 8 },
      { type: 'dense', units: 3 },
    ],
  });
  const linear = modelSchema.parse({ layers: [{ type: 'dense', units: 3 }] });
  const startFrom = startFromSchema.parse({ source: { model: crypto.randomUUID() } });
  expect(whyNoLadder({ model: deep, startFrom: null })).toBeNull();
  expect(whyNoLadder({ model: deep, startFrom })).toMatch(/taken over come as wide as they are/);
  expect(whyNoLadder({ model: linear, startFrom: null })).toMatch(/no hidden layer/);
});

describe('ladderWords', () => {
  test('say the figures of the view that is shown', () => {
    const both = rungs([0.2, 0.4], [0.1, 0.133]);
    expect(ladderWords(both, 'end', 500, 'image')).toBe(
      'At the end validation loss is lowest, 0.133, at × 2: 16,000 parameters for 500 training images. The gap between train and validation loss is 0.200 at × 0.5 and 0.033 at × 2. One seed a size: neighbours may change places with another.',
    );
    expect(ladderWords(both, 'kept', 500, 'image')).toMatch(
      /^With the kept weights validation loss is lowest, 0\.310, at × 0\.5: .* 0\.010 at × 0\.5 and 0\.100 at × 2\. /,
    );
  });
  test('a gap where validation is easier than training says nothing, as with a remedy', () => {
    const say = (small: [number, number], large: [number, number]) =>
      ladderWords(rungs(small, large), 'end', 500, 'image');
    expect(say([0.6, 0.284], [0.4, 0.2])).toMatch(
      /−0\.316 at × 0\.5 and −0\.200 at × 2: validation is easier than training here, so the gap says nothing\./,
    );
    expect(say([0.6, 0.284], [0.1, 0.2])).toMatch(
      /: validation is easier than training at × 0\.5, so the gap says nothing\./,
    );
  });
  test('a gap that seeds alone may put below zero says nothing', () => {
    const noisy = rungOf(0.5, 1000, [run(0, [1, 0.9], [1, 1]), run(1, [1, 1.15], [1, 1])]);
    const clear = rungOf(2, 16_000, [run(0, [1, 1.4], [1, 1]), run(1, [1, 1.41], [1, 1])]);
    expect(ladderWords([noisy, clear], 'end', 500, 'image')).toMatch(/easier than training at × 0\.5/);
    expect(ladderWords([noisy], 'end', 500, 'image')).toMatch(/needs two sizes/);
  });
});
