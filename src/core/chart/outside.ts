import { count } from '../format/numbers.ts';
import type { Scale } from './scale.ts';

/** Points of a line that a picture leaves out. What is not finite has no place to be left out of. */
export interface Outside {
  key: string;
  label: string;
  above: number;
  below: number;
  /** at or below zero, where a log axis has no place */
  notAbove0: number;
}

/** Nothing where all of its points [from, to) are in the picture. */
export function outsideOf(
  { key, label, values }: { key: string; label: string; values: readonly number[] },
  [from, to]: readonly [number, number],
  { min, max }: Scale,
  log: boolean,
): Outside[] {
  let [above, below, notAbove0] = [0, 0, 0];
  for (let i = from; i < to; i++) {
    const v = values[i]!;
    if (!Number.isFinite(v)) continue;
    if (log && v <= 0) notAbove0++;
    else if (v > max) above++;
    else if (v < min) below++;
  }
  return above + below + notAbove0 === 0 ? [] : [{ key, label, above, below, notAbove0 }];
}

/** Names up to this many lines; more would not fit above a chart. */
const NAMED = 2;

/** "12 points of sgd lie above 3, 2 below 0." Of the only line of a chart without its name. */
export function outsideWords(outside: readonly Outside[], lines: number, lowest: string, highest: string): string {
  const sum = (which: 'above' | 'below' | 'notAbove0') => outside.reduce((n, line) => n + line[which], 0);
  const parts = [
    { n: sum('above'), where: `above ${highest}` },
    { n: sum('below'), where: `below ${lowest}` },
    { n: sum('notAbove0'), where: 'at or below zero' },
  ].filter(({ n }) => n > 0);
  const whose = outside.length > NAMED ? `${outside.length} lines` : outside.map(({ label }) => label).join(' and ');
  const first = parts[0];
  if (!first) return '';
  const points = `${count(first.n)} ${first.n === 1 ? 'point' : 'points'}${lines > 1 ? ` of ${whose}` : ''}`;
  const places = [first.where, ...parts.slice(1).map(({ n, where }) => `${count(n)} ${where}`)];
  return `${points} ${first.n === 1 ? 'lies' : 'lie'} ${places.join(', ')}.`;
}
