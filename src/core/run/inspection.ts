import type { RunConfig } from '../config/run-config.ts';

/** When a run looks at its layers one by one. By epoch alone, so that a resumed run looks at the same ones. */

/** Copying weights twice costs about as much as a small network's step: once in this many it does not show. */
const STEPS_BETWEEN_NORMS = 200;
/** A copy of weights and gradients, and two passes over every number. */
const STEPS_BETWEEN_HISTOGRAMS = 500;
const MOST_HISTOGRAMS = 50;
/** As many as can be read at once: more epochs are a mistake in the configuration. */
export const MOST_INSPECTED = 500;

type Plan = { config: Pick<RunConfig, 'epochs' | 'histogramsEvery'>; stepsPerEpoch: number };

/** Whether the epoch's last step is measured by layer: weight norm and update ratio. `epoch` counts from 1. */
export function normsAreDue(epoch: number, { stepsPerEpoch }: Pick<Plan, 'stepsPerEpoch'>): boolean {
  return epoch === 1 || epoch % Math.ceil(STEPS_BETWEEN_NORMS / stepsPerEpoch) === 0;
}

export function histogramsAreDue(epoch: number, { config, stepsPerEpoch }: Plan): boolean {
  const { epochs, histogramsEvery } = config;
  const usual = Math.max(Math.ceil(epochs / MOST_HISTOGRAMS), Math.ceil(STEPS_BETWEEN_HISTOGRAMS / stepsPerEpoch));
  const every = histogramsEvery ?? usual;
  return every > 0 && (epoch === 1 || epoch % every === 0);
}

export interface LayerNorms {
  /** Euclidean norm of the layer's weights before the step */
  weights: number;
  /** norm of the step's change over it; about 1e-3 is usual (Karpathy, CS231n notes, "Ratio of weights to updates"). NaN where the weights are all zero. */
  updateRatio: number;
}

/** By layer: `before` and `after` hold the same weights by name ("conv1/kernel"), float32. O(weights). */
export function layerNorms(
  before: ReadonlyMap<string, ArrayLike<number>>,
  after: ReadonlyMap<string, ArrayLike<number>>,
): Map<string, LayerNorms> {
  const sums = new Map<string, { weights: number; change: number }>();
  for (const [name, old] of before) {
    const now = after.get(name)!;
    let weights = 0;
    let change = 0;
    for (let i = 0; i < old.length; i++) {
      weights += old[i]! * old[i]!;
      change += (now[i]! - old[i]!) ** 2;
    }
    const layer = layerOf(name);
    const sum = sums.get(layer) ?? { weights: 0, change: 0 };
    sums.set(layer, { weights: sum.weights + weights, change: sum.change + change });
  }
  return new Map(
    [...sums].map(([layer, { weights, change }]) => [
      layer,
      { weights: Math.sqrt(weights), updateRatio: Math.sqrt(change / weights) },
    ]),
  );
}

/** "block1/conv1" of "block1/conv1/kernel". */
export function layerOf(weight: string): string {
  return weight.slice(0, weight.lastIndexOf('/'));
}

export interface UpdateVerdict {
  words: string;
  tone?: 'warn' | 'bad';
}

/** What one layer's update ratio says, in a word or two. The bounds lie a factor of thirty around 1e-3. */
export function updateVerdict(ratio: number): UpdateVerdict {
  if (!Number.isFinite(ratio)) return { words: 'no number', tone: 'bad' };
  if (ratio === 0) return { words: 'does not move', tone: 'warn' };
  if (ratio > 0.03) return { words: 'moves fast', tone: 'warn' };
  if (ratio < 0.00003) return { words: 'hardly moves', tone: 'warn' };
  return { words: 'usual' };
}
