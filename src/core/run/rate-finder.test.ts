import { expect, test } from 'vitest';
import { foldSweep, HIGHEST_RATE, LOWEST_RATE, RATE_STEPS, rateOfStep, readRates, SWEEP_START } from './rate-finder.ts';

const rates = Array.from({ length: RATE_STEPS }, (_, i) => rateOfStep(i));
/** Reproducible, uniform in [-1, 1]. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}
/** A loss that falls around `middle` and blows up from `wall` on. */
const curve = (middle: number, wall: number, rough: () => number) =>
  rates.map((rate) => {
    const falls = 1 / (1 + (rate / middle) ** 1.5);
    return 0.3 + 2 * falls + 0.05 * rough() + Math.min(50, (rate / wall) ** 3);
  });

test('rates run from the lowest to the highest by one factor', () => {
  expect(rates[0]).toBeCloseTo(LOWEST_RATE, 12);
  expect(rates.at(-1)).toBeCloseTo(HIGHEST_RATE, 9);
  expect(rates[81]! / rates[80]!).toBeCloseTo(rates[1]! / rates[0]!, 9);
});

test('the suggestion lies where the loss falls fastest, whatever the noise, and below its lowest place', () => {
  for (const middle of [1e-4, 1e-3, 1e-2])
    for (let seed = 1; seed <= 20; seed++) {
      const { suggestion, lowestAt } = readRates(rates, curve(middle, middle * 100, noise(seed)));
      expect(Math.abs(Math.log10(suggestion! / middle)), `${middle}, seed ${seed}`).toBeLessThan(0.45);
      expect(lowestAt!).toBeGreaterThan(suggestion!);
    }
});

test('a loss that never falls, or is too short, gets no suggestion', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const rough = noise(seed);
    const flat = rates.map((rate) => 2.3 + 0.1 * rough() + Math.min(50, rate ** 2));
    expect(readRates(rates, flat).suggestion, `seed ${seed}`).toBeNull();
  }
  expect(readRates(rates.slice(0, 5), [5, 4, 3, 2, 1]).suggestion).toBeNull();
});

test('what comes after the first value that is no number is left out', () => {
  const losses = curve(1e-3, 0.1, noise(3));
  losses[140] = Number.NaN;
  expect(readRates(rates, losses).rates).toHaveLength(140);
});

test('the sweep ends once the loss has grown, not while it falls or on noise', () => {
  const losses = curve(1e-3, 0.05, noise(9));
  let sweep = SWEEP_START;
  const end = losses.findIndex((loss) => {
    const folded = foldSweep(sweep, loss);
    sweep = folded.sweep;
    return folded.diverged;
  });
  expect(rates[end]!).toBeGreaterThan(0.05);
  expect(rates[end]!).toBeLessThan(0.5);
  expect(foldSweep(SWEEP_START, Number.NaN).diverged).toBe(true);
});
