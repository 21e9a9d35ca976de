import { count, metricValue } from '../format/numbers.ts';
import { scaleWidth } from '../model/scale.ts';
import type { ModelSpec } from '../model/spec.ts';
import { type Spread, spread } from './difference.ts';
import type { ArmRun } from './measures.ts';

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
}

export function rungOf(factor: number, parameters: number, runs: readonly ArmRun[]): Rung {
  const losses = (of: (run: ArmRun) => ArmRun['end']): Losses | null => {
    const values = (name: string) =>
      runs.map((run) => of(run)[name] ?? Number.NaN).filter((value) => Number.isFinite(value));
    const [train, validation] = [values('loss/train'), values('loss/validation')];
    return train.length > 0 && validation.length > 0 ? { train: spread(train), validation: spread(validation) } : null;
  };
  return { factor, parameters, end: losses((run) => run.end), kept: losses((run) => run.kept) };
}

/** What the ladder shows, in two sentences: where validation is lowest, and what more weights bought. */
export function ladderWords(rungs: readonly Rung[], trainItems: number, noun: string): string {
  const done = rungs.flatMap((rung) => (rung.kept && rung.end ? [{ ...rung, kept: rung.kept, end: rung.end }] : []));
  if (done.length < 2) return 'The ladder needs two sizes that have ended before it says anything.';
  const sorted = done.sort((a, b) => a.parameters - b.parameters);
  const best = sorted.reduce((a, b) => (b.kept.validation.mean < a.kept.validation.mean ? b : a));
  const loss = (value: number) => metricValue('loss', value);
  const lowest = `Validation loss is lowest, ${loss(best.kept.validation.mean)}, at × ${best.factor}: ${count(best.parameters)} parameters for ${count(trainItems)} training ${noun}s.`;
  const largest = sorted.at(-1)!;
  const smallest = sorted[0]!;
  const after = largest.end.validation.mean - largest.end.train.mean;
  const before = smallest.end.validation.mean - smallest.end.train.mean;
  const gap = `At the end the gap between train and validation loss is ${loss(before)} at × ${smallest.factor} and ${loss(after)} at × ${largest.factor}.`;
  const seeds = Math.min(...sorted.map((rung) => rung.kept.validation.n));
  return `${lowest} ${gap}${seeds < 2 ? ' One seed a size: neighbours may change places with another.' : ''}`;
}

/** Times the width of a run; weights between two hidden layers go by its square. */
export const LADDER = [0.125, 0.25, 0.5, 1, 2] as const;

/** Whether the sizes of a ladder would differ: a model without a hidden layer has one size. */
export function isScalable(model: ModelSpec): boolean {
  return new Set(LADDER.map((factor) => JSON.stringify(scaleWidth(model, factor)))).size >= 3;
}
