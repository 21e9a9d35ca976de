import type { RunConfig } from '../config/run-config.ts';
import { count, metricValue } from '../format/numbers.ts';
import { scaleWidth } from '../model/scale.ts';
import type { ModelSpec } from '../model/spec.ts';
import { type Spread, spread } from './difference.ts';
import { type ArmRun, easierWords, isClearlyPositive } from './measures.ts';

/** One size of a model: what its runs came to. */
export interface Rung {
  /** on the width */
  factor: number;
  parameters: number;
  /** loss over seeds, at the last epoch and at the one whose weights are kept; null before a run has ended */
  end: Losses | null;
  kept: Losses | null;
}
interface Losses {
  train: Spread;
  validation: Spread;
  /** validation minus train, run by run */
  gap: Spread;
}
/** The last epoch, or the one whose weights are kept. */
export type When = 'end' | 'kept';

export function rungOf(factor: number, parameters: number, runs: readonly ArmRun[]): Rung {
  const losses = (of: (run: ArmRun) => ArmRun['end']): Losses | null => {
    const pairs = runs
      .map((run) => ({ train: of(run)['loss/train'], validation: of(run)['loss/validation'] }))
      .filter((pair): pair is { train: number; validation: number } =>
        [pair.train, pair.validation].every(Number.isFinite),
      );
    if (pairs.length === 0) return null;
    return {
      train: spread(pairs.map(({ train }) => train)),
      validation: spread(pairs.map(({ validation }) => validation)),
      gap: spread(pairs.map(({ train, validation }) => validation - train)),
    };
  };
  return { factor, parameters, end: losses((run) => run.end), kept: losses((run) => run.kept) };
}

const WHEN_WORDS: Record<When, string> = { end: 'At the end', kept: 'With the kept weights' };

/** What the ladder shows then, in two sentences: where validation is lowest, and what more weights bought. */
export function ladderWords(rungs: readonly Rung[], when: When, trainItems: number, noun: string): string {
  const done = rungs.flatMap((rung) => (rung[when] ? [{ ...rung, ...rung[when] }] : []));
  if (done.length < 2) return 'The ladder needs two sizes that have ended before it says anything.';
  const sorted = done.sort((a, b) => a.parameters - b.parameters);
  const best = sorted.reduce((a, b) => (b.validation.mean < a.validation.mean ? b : a));
  const loss = (value: number) => metricValue('loss', value);
  const lowest = `${WHEN_WORDS[when]} validation loss is lowest, ${loss(best.validation.mean)}, at × ${best.factor}: ${count(best.parameters)} parameters for ${count(trainItems)} training ${noun}s.`;
  const ends = [sorted[0]!, sorted.at(-1)!];
  const gaps = ends.map(({ gap, factor }) => `${loss(gap.mean)} at × ${factor}`).join(' and ');
  const easier = ends.filter(({ gap }) => !isClearlyPositive(gap));
  const where = easier.length === 1 ? `at × ${easier[0]!.factor}` : 'here';
  const nothing = easier.length > 0 ? `: ${easierWords(where)}` : '';
  const seeds = Math.min(...sorted.map((rung) => rung.validation.n));
  return `${lowest} The gap between train and validation loss is ${gaps}${nothing}.${seeds < 2 ? ' One seed a size: neighbours may change places with another.' : ''}`;
}

/** Times the width of a run; weights between two hidden layers go by its square. */
export const LADDER = [0.125, 0.25, 0.5, 1, 2] as const;

/** The sizes of a ladder that differ: a hidden layer of one unit can't shrink, and a model without one has one size. */
export function ladderSizes(model: ModelSpec): number {
  return new Set(LADDER.map((factor) => JSON.stringify(scaleWidth(model, factor)))).size;
}

/** Why a run has no ladder of sizes; null where it has one. */
export function whyNoLadder({ model, startFrom }: Pick<RunConfig, 'model' | 'startFrom'>): string | null {
  if (startFrom)
    return 'There is no ladder of sizes: layers that are taken over come as wide as they are. Launch this model without transfer, and scale that run.';
  if (ladderSizes(model) < 3)
    return 'There is no ladder of sizes: this model has no hidden layer whose width could be scaled. Start from another preset.';
  return null;
}
