import { metricValue } from '../format/numbers.ts';
import type { ArmRun } from './measures.ts';

/** One side of a comparison, by how its runs ended. */
export interface Side {
  /** "As it was", at the start of a sentence */
  name: string;
  /** trained to their end */
  trained: readonly ArmRun[];
  /** ended as a figure became not a number: where training is deterministic that is a result as well */
  diverged: number;
}

/**
 * How each side fared, where a run became not a number and so has no figures to take differences of: "As it was: 3 of 3 became not a
 * number. With learning rate 0.03: 3 of 3 trained, accuracy 0.937 (0.931 to 0.944)."
 * @returns null where none did
 */
export function divergedWords(lead: 'accuracy' | 'rmse', sides: readonly Side[]): string | null {
  if (sides.every(({ diverged }) => diverged === 0)) return null;
  return sides.map((side) => sideWords(lead, side)).join(' ');
}

function sideWords(lead: 'accuracy' | 'rmse', { name, trained, diverged }: Side): string {
  const ended = trained.length + diverged;
  if (ended === 0) return `${name}: none has ended yet.`;
  const parts = [
    ...(diverged > 0 ? [`${diverged} of ${ended} became not a number`] : []),
    ...(trained.length > 0 ? [`${trained.length} of ${ended} trained${figures(lead, trained)}`] : []),
  ];
  return `${name}: ${parts.join(', ')}.`;
}

/** The mean of the kept weights, and between what it lies. */
function figures(lead: 'accuracy' | 'rmse', runs: readonly ArmRun[]): string {
  const values = runs.flatMap(({ kept }) => kept[`${lead}/validation`] ?? []);
  if (values.length === 0) return '';
  const say = (value: number) => metricValue(lead, value);
  const mean = say(values.reduce((sum, value) => sum + value, 0) / values.length);
  const range = values.length > 1 ? ` (${say(Math.min(...values))} to ${say(Math.max(...values))})` : '';
  return `, ${lead === 'rmse' ? 'RMSE' : 'accuracy'} ${mean}${range}`;
}
