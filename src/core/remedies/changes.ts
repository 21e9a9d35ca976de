import { z } from 'zod';
import type { RunConfig } from '../config/run-config.ts';
import { ADJUSTMENT_IDS, ADJUSTMENTS, type Adjustment } from './adjustments.ts';
import { REMEDIES, REMEDY_IDS, type Remedy, type RemedyContext } from './index.ts';

/** Everything that a copy of a run may have changed with one click: the remedies, and what else a diagnosis may ask for. */

export const changeId = z.enum([...REMEDY_IDS, ...ADJUSTMENT_IDS]);
export type ChangeId = z.infer<typeof changeId>;

export const CHANGES: readonly (Remedy | Adjustment)[] = [...REMEDIES, ...ADJUSTMENTS];

export function changeById(id: string): Remedy | Adjustment | undefined {
  return CHANGES.find((change) => change.id === id);
}

/**
 * "dropout 0.3", "L2 0.0001", "smaller model": the change as the changed configuration has it.
 * @param before what was changed; left out where that is not known any more
 */
export function changeWords(change: Remedy | Adjustment, after: RunConfig, before?: RunConfig): string {
  if (before && 'again' in change && change.again && change.words(before) !== '') return change.again;
  const words = change.words(after);
  const name = change.name.charAt(0).toLowerCase() + change.name.slice(1);
  // Tables say "early stop"; here is room for the name.
  return words === '' || name.startsWith(words) ? name : words;
}

/** The same at the start of a sentence or on a button. */
export function changeTitle(change: Remedy | Adjustment, after: RunConfig, before?: RunConfig): string {
  const words = changeWords(change, after, before);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Why a change that gave null has nothing to change in this run, and what to do instead. */
export function whyNoChange(change: Remedy | Adjustment, config: RunConfig, context: RemedyContext): string {
  const own = change.whyNot?.(config, context);
  return own ?? `${change.name} would change nothing in this run. Copy the run and change it by hand.`;
}
