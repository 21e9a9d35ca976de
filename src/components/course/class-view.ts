import { HELP_KINDS } from '#core/class/needs-help.ts';
import type { Outputs } from '../trpc/client.tsx';

export type ClassRow = Outputs['courses']['class'][number];

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
  /** epochs, from 0 */
  lastEpoch: number;
  low: number;
  high: number;
  /** class median of the best value */
  median: number;
}

/** One pair of axes for all curves of a metric, so that they can be compared. The lower end leaves the first epochs' fall out. */
export function axesOf(rows: readonly ClassRow[], metric: 'accuracy' | 'rmse'): Axes | null {
  const bests = rows.flatMap((row) => (row.metric === metric && row.best ? [row.best] : []));
  if (bests.length === 0) return null;
  const values = bests.map((best) => best.value).sort((a, b) => a - b);
  const median = values[Math.floor(values.length / 2)]!;
  const lastEpoch = Math.max(2, ...bests.map((best) => best.validation.epochs.at(-1) ?? 0));
  if (metric === 'accuracy') {
    const low = Math.max(0, Math.floor((Math.min(median, values[0]!) - 0.15) * 20) / 20);
    return { lastEpoch, low, high: 1, median };
  }
  return { lastEpoch, low: 0, high: Math.max(...values) * 2, median };
}
