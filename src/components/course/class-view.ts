import { HELP_KINDS } from '#core/class/needs-help.ts';
import { median } from '#core/run/diagnosis/robust.ts';
import type { Outputs } from '../trpc/client.tsx';

export type ClassRow = Outputs['courses']['class'][number];
type EpochCurve = NonNullable<ClassRow['best']>['train'];

export const FILTERS = [
  { value: 'all', label: 'All' },
  { value: 'help', label: 'Needs help' },
  { value: 'training', label: 'Training now' },
  { value: 'opened', label: 'Opened' },
] as const;
export type Filter = (typeof FILTERS)[number]['value'];

export function isFilter(value: string): value is Filter {
  return FILTERS.some((filter) => filter.value === value);
}

export function keep(row: ClassRow, filter: Filter, text: string): boolean {
  if (filter === 'help' && !row.help) return false;
  if (filter === 'training' && row.runs.running === 0) return false;
  if (filter === 'opened' && row.lock !== 'opened') return false;
  const wanted = text.trim().toLowerCase();
  return (
    wanted === '' || [row.team, row.project ?? '', ...row.members].some((one) => one.toLowerCase().includes(wanted))
  );
}

/** Smaller comes first; what has no value comes last whichever way one sorts. */
type Key = (row: ClassRow) => number | string | null;

export const SORTS: Record<string, Key> = {
  team: (row) => row.team.toLowerCase(),
  best: (row) => (row.best ? (row.metric === 'rmse' ? row.best.value : -row.best.value) : null),
  gap: (row) => (row.gap === null ? null : -row.gap),
  runs: (row) => -Object.values(row.runs).reduce((sum, n) => sum + n, 0),
  hours: (row) => -row.hours,
  activity: (row) => (row.activity ? -row.activity.at.getTime() : null),
  seal: (row) => ['opened', 'committed', 'sealed', 'none'].indexOf(row.lock),
  help: (row) => (row.help ? HELP_KINDS.indexOf(row.help.kind) : HELP_KINDS.length),
};

/** @param sort a key of SORTS; with "-" in front the other way round. Equal rows: best validation value first. */
export function sorted(rows: readonly ClassRow[], sort: string): ClassRow[] {
  const reverse = sort.startsWith('-');
  const key = SORTS[reverse ? sort.slice(1) : sort] ?? SORTS.help!;
  const compare = (a: number | string | null, b: number | string | null) => {
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    const order = a < b ? -1 : a > b ? 1 : 0;
    return reverse ? -order : order;
  };
  return [...rows].sort(
    (a, b) => compare(key(a), key(b)) || compare(SORTS.best!(a), SORTS.best!(b)) || a.team.localeCompare(b.team),
  );
}

export interface Axes {
  /** what the values are: "accuracy over 10 classes", "RMSE in pixels" */
  words: string;
  metric: 'accuracy' | 'rmse';
  /** epochs, from 0 */
  lastEpoch: number;
  low: number;
  high: number;
  /** how many projects share the axes */
  n: number;
  /** of the best values; null for a project by itself */
  median: number | null;
}

/** Axes by `scale`: only curves whose values can be compared share theirs. O(rows). */
export function axesByScale(rows: readonly ClassRow[]): Map<string, Axes> {
  const groups = Map.groupBy(
    rows.filter((row) => row.best && row.metric && row.scale),
    (row) => row.scale!,
  );
  return new Map([...groups].map(([scale, group]) => [scale, axesOf(group)]));
}

/** A curve by itself is shown whole; where several share the axes, the first epochs' rise or fall is left out. */
function axesOf(rows: readonly ClassRow[]): Axes {
  const metric = rows[0]!.metric!;
  const bests = rows.map((row) => row.best!);
  const values = bests.map((best) => best.value);
  const shared = {
    words: scaleWords(metric, rows[0]!.unit),
    metric,
    lastEpoch: Math.max(2, ...bests.map((best) => best.validation.epochs.at(-1) ?? 0)),
    n: rows.length,
    median: rows.length > 1 ? median(values) : null,
  };
  if (bests.length === 1) {
    const all = [...values, ...bests[0]!.train.values, ...bests[0]!.validation.values].filter(Number.isFinite);
    if (metric === 'rmse') return { ...shared, low: 0, high: Math.max(...all) || 1 };
    return { ...shared, low: Math.min(0.95, Math.floor(Math.min(...all) * 20) / 20), high: 1 };
  }
  if (metric === 'rmse') return { ...shared, low: 0, high: Math.max(...values) * 2 || 1 };
  const low = Math.max(0, Math.floor((Math.min(...values) - 0.15) * 20) / 20);
  return { ...shared, low, high: 1 };
}

export interface Cut {
  /** in the middle of what lies outside */
  epoch: number;
  edge: 'low' | 'high';
}

/** Where the curve lies outside the axes, one for each stretch. O(epochs). */
export function cutsOf({ epochs, values }: EpochCurve, { low, high }: Pick<Axes, 'low' | 'high'>): Cut[] {
  const edgeOf = (value: number) => (value > high ? 'high' : value < low ? 'low' : null);
  const cuts: Cut[] = [];
  let start = 0;
  for (const [i, value] of values.entries()) {
    const edge = edgeOf(value);
    if (i === 0 || edge !== edgeOf(values[i - 1]!)) start = i;
    if (edge !== null && edge !== edgeOf(values[i + 1] ?? Number.NaN))
      cuts.push({ epoch: (epochs[start]! + epochs[i]!) / 2, edge });
  }
  return cuts;
}

function scaleWords(metric: 'accuracy' | 'rmse', unit: string | null): string {
  if (metric === 'accuracy') return unit ? `accuracy over ${unit}` : 'accuracy';
  return unit ? `RMSE in ${unit}` : 'RMSE';
}
