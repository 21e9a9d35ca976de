import { rateValue } from '../format/numbers.ts';

/**
 * The learning-rate range test (Smith 2015, arXiv:1506.01186, section 3.3): the rate grows exponentially from step to step; where
 * the loss falls fastest is a good rate to train with, where it grows the rate is too high.
 */

export const LOWEST_RATE = 1e-7;
export const HIGHEST_RATE = 10;
/** Twenty a decade. */
export const RATE_STEPS = 160;
const DECADES = Math.log10(HIGHEST_RATE / LOWEST_RATE);
/** The sweep ends once the smoothed loss is this many times the lowest, as in fastai and Lightning. */
const TOO_HIGH = 4;
/** Debiased exponential average of the loss while it runs. */
const WEIGHT = 0.9;
/** Standard deviation of the smoothing of what is drawn and read, in steps: a fifth of a decade. Centred, so that it does not lag as an exponential average does. */
const SPREAD = 4;

/** The rate of the update with index `step`, from 0. */
export function rateOfStep(step: number): number {
  return LOWEST_RATE * (HIGHEST_RATE / LOWEST_RATE) ** (step / (RATE_STEPS - 1));
}

/** What the sweep carries from step to step. */
export interface Sweep {
  average: number;
  steps: number;
  lowest: number;
}

export const SWEEP_START: Sweep = { average: 0, steps: 0, lowest: Number.POSITIVE_INFINITY };

/** @returns the sweep after one more loss, and whether it should end because the loss has grown too far or is no number */
export function foldSweep({ average, steps, lowest }: Sweep, loss: number): { sweep: Sweep; diverged: boolean } {
  const next = WEIGHT * average + (1 - WEIGHT) * loss;
  const smoothed = next / (1 - WEIGHT ** (steps + 1));
  const sweep = { average: next, steps: steps + 1, lowest: Math.min(lowest, smoothed) };
  // The first decade only tells where the loss begins.
  return { sweep, diverged: !Number.isFinite(loss) || (steps > RATE_STEPS / DECADES && smoothed > TOO_HIGH * lowest) };
}

export interface RateReading {
  rates: number[];
  losses: number[];
  smoothed: number[];
  /** where the smoothed loss falls fastest; null where it falls nowhere by more than its noise */
  suggestion: number | null;
  /** where it is lowest: too high to train with */
  lowestAt: number | null;
}

/** Reads a sweep. `rates` grow by a constant factor. O(n * SPREAD). */
export function readRates(rates: readonly number[], losses: readonly number[]): RateReading {
  const broken = losses.findIndex((loss) => !Number.isFinite(loss));
  const n = broken < 0 ? losses.length : broken;
  const kept = { rates: rates.slice(0, n), losses: losses.slice(0, n) };
  const smoothed = smooth(kept.losses);
  const nothing = { ...kept, smoothed, suggestion: null, lowestAt: null };
  if (n < 3 * SPREAD) return nothing;
  const lowest = smoothed.indexOf(Math.min(...smoothed));
  const noise = Math.sqrt(mean(smoothed.map((s, i) => (kept.losses[i]! - s) ** 2).slice(0, lowest + 1)));
  const begin = mean(smoothed.slice(0, 2 * SPREAD));
  if (begin - smoothed[lowest]! <= Math.max(0.01 * Math.abs(begin), 1.5 * noise)) return nothing;
  let steepest = SPREAD;
  for (let i = SPREAD; i < lowest; i++) if (slope(smoothed, i) < slope(smoothed, steepest)) steepest = i;
  return { ...kept, smoothed, suggestion: twoDigits(kept.rates[steepest]!), lowestAt: kept.rates[lowest]! };
}

/** A tenth of where the loss is lowest: the other rule of thumb, which suits a loss that falls over many decades. */
export function bolderRate(lowestAt: number | null): number | null {
  return lowestAt === null ? null : twoDigits(lowestAt / 10);
}

function twoDigits(rate: number): number {
  return Number(rate.toPrecision(2));
}

/** What it says, for the log, the page and the command. */
export function ratesInWords({ rates, suggestion, lowestAt }: RateReading): string {
  const upTo = rates.length === 0 ? '' : ` up to ${rateValue(twoDigits(rates.at(-1)!))}`;
  if (suggestion === null)
    return `The loss falls nowhere by more than its noise${upTo}: no rate can be suggested. Overfit one batch first; it tells whether the model can learn at all.`;
  const bolder = bolderRate(lowestAt);
  return (
    `The loss falls fastest at a learning rate of ${rateValue(suggestion)}, and is lowest at ${rateValue(twoDigits(lowestAt!))}. ` +
    `Train with ${rateValue(suggestion)}${bolder && bolder > suggestion ? `, or, bolder, with a tenth of the lowest place, ${rateValue(bolder)}` : ''}.`
  );
}

/** Gaussian, weights renormalised at both ends. */
function smooth(values: readonly number[]): number[] {
  const reach = 3 * SPREAD;
  return values.map((_, at) => {
    let sum = 0;
    let weights = 0;
    for (let i = Math.max(0, at - reach); i <= Math.min(values.length - 1, at + reach); i++) {
      const weight = Math.exp(-((i - at) ** 2) / (2 * SPREAD ** 2));
      sum += weight * values[i]!;
      weights += weight;
    }
    return sum / weights;
  });
}

function slope(values: readonly number[], i: number): number {
  const [before, after] = [Math.max(0, i - 1), Math.min(values.length - 1, i + 1)];
  return (values[after]! - values[before]!) / (after - before);
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
}
