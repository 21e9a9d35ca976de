import { flattenConfig, varyingPaths } from '../config/diff.ts';
import { OPTIMIZER_NAMES, type RunConfig } from '../config/run-config.ts';
import { runId } from '../format/numbers.ts';
import { remedyWords } from '../remedies/index.ts';
import type { DiagnosisKind } from './diagnosis/index.ts';
import type { RunState } from './lifecycle.ts';

/** The runs table as decisions: which columns there are, what stands in a cell, the order of rows. Pages and CSV read the same. */

export interface RunRow {
  id: string;
  number: number;
  name: string;
  config: RunConfig;
  state: RunState;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  epoch: number;
  step: number;
  parameters: number;
  itemsPerSecond: number | null;
  bestEpoch: number | null;
  lastMetrics: Record<string, number | null>;
  bestMetrics: Record<string, number | null>;
  createdBy: { name: string } | null;
  /** what its curves show, once that is read */
  diagnosis?: { kind: DiagnosisKind; title: string } | undefined;
}

export type CellValue = number | string | null;

export interface Column {
  /** as it stands in the address */
  id: string;
  head: string;
  numeric: boolean;
  /** how numbers of it are printed */
  format: 'count' | 'metric' | 'rate' | 'duration' | 'text' | 'time';
  /** series name of a metric */
  metric?: string;
  value: (run: RunRow) => CellValue;
}

type Fixed = Omit<Column, 'id' | 'numeric'> & { numeric?: boolean };

function seconds(run: RunRow): number | null {
  if (!run.startedAt || !run.endedAt) return null;
  return (run.endedAt.getTime() - run.startedAt.getTime()) / 1000;
}

const FIXED: Record<string, Fixed> = {
  number: { head: 'Number', format: 'text', value: (r) => r.number },
  name: { head: 'Name', format: 'text', value: (r) => r.name },
  state: { head: 'State', format: 'text', value: (r) => r.state },
  diagnosis: { head: 'Diagnosis', format: 'text', value: (r) => r.diagnosis?.title ?? null },
  bestEpoch: { head: 'at epoch', format: 'count', numeric: true, value: (r) => r.bestEpoch },
  epoch: { head: 'Epochs done', format: 'count', numeric: true, value: (r) => r.epoch },
  parameters: { head: 'Parameters', format: 'count', numeric: true, value: (r) => r.parameters },
  rate: { head: 'Rate', format: 'rate', numeric: true, value: (r) => r.config.learningRate },
  batch: { head: 'Batch', format: 'count', numeric: true, value: (r) => r.config.batchSize },
  optimizer: { head: 'Optimiser', format: 'text', value: (r) => OPTIMIZER_NAMES[r.config.optimizer.kind] },
  remedies: { head: 'Remedies', format: 'text', value: (r) => remedyWords(r.config).join(', ') || 'none' },
  seed: { head: 'Seed', format: 'count', numeric: true, value: (r) => r.config.seed },
  duration: { head: 'Took', format: 'duration', numeric: true, value: seconds },
  speed: { head: 'Items/s', format: 'count', numeric: true, value: (r) => r.itemsPerSecond },
  created: { head: 'Launched', format: 'time', value: (r) => r.createdAt.toISOString() },
  by: { head: 'By', format: 'text', value: (r) => r.createdBy?.name ?? null },
};

/** Null where it was never measured; NaN where it was measured and was no finite number, which is stored as null. */
function metricCell(metrics: Record<string, number | null>, name: string): number | null {
  const value = metrics[name];
  return value === undefined ? null : (value ?? Number.NaN);
}

/** Headings of what a person knows from the launch form by another name; other paths stand as in the JSON. */
const CONFIG_HEADS: Record<string, string> = {
  accumulate: 'Batches an update',
  batchSize: 'Batch',
  classWeights: 'Class weights',
  'ema.decay': 'Average kept',
  epochs: 'Epochs',
  'gradientClipping.limit': 'Clipped at',
  l1: 'L1',
  l2: 'L2',
  learningRate: 'Rate',
  'loss.kind': 'Loss',
  'optimizer.kind': 'Optimiser',
  sampling: 'Sampling',
  'schedule.kind': 'Schedule',
  seed: 'Seed',
};

/** The best epoch is told by the lead metric, or by what early stopping watches: what else is measured then is seldom its own best. */
function bestHead(metric: string, short: string): string {
  if (/^(accuracy|rmse)\/validation$/.test(metric)) return `Best ${short}`;
  return `${short.charAt(0).toUpperCase()}${short.slice(1)} at best epoch`;
}

/** A column by its id: a fixed one, "best:loss/validation", "last:loss/train" or "config:schedule.kind"; null for one that isn't. */
export function columnOf(id: string): Column | null {
  const fixed = FIXED[id];
  if (fixed && Object.hasOwn(FIXED, id)) return { numeric: false, ...fixed, id };
  const colon = id.indexOf(':');
  const rest = id.slice(colon + 1);
  const short = rest
    .replace(/^rmse\//, 'RMSE/')
    .replace(/\/validation$/, '')
    .replace(/^(.*)\/train$/, 'train $1');
  switch (id.slice(0, colon)) {
    case 'best':
      return {
        id,
        head: bestHead(rest, short),
        numeric: true,
        format: 'metric',
        metric: rest,
        value: (r) => metricCell(r.bestMetrics, rest),
      };
    case 'last':
      return {
        id,
        head: `Last ${short}`,
        numeric: true,
        format: 'metric',
        metric: rest,
        value: (r) => metricCell(r.lastMetrics, rest),
      };
    case 'config':
      return {
        id,
        head: CONFIG_HEADS[rest] ?? rest,
        numeric: false,
        format: 'text',
        value: (r) =>
          rest === 'optimizer.kind'
            ? OPTIMIZER_NAMES[r.config.optimizer.kind]
            : (flattenConfig(r.config).get(rest) ?? null),
      };
    default:
      return null;
  }
}

/** Told already by another column, or by the name of the preset. */
const TOLD = /^(layers\.|learningRate$|l[12]$|earlyStopping|seed$|mode$)/;
const MOST_DIFFERENCES = 3;

/** What the page shows until a person chooses: state, best and last of the lead metric, cost, and what tells these runs apart. */
export function defaultColumns(rows: readonly RunRow[], lead: string): string[] {
  const told = varyingPaths(rows.map((r) => r.config)).filter((path) => !TOLD.test(path) && path !== 'optimizer.kind');
  const kinds = new Set(rows.map((r) => r.config.optimizer.kind));
  // Parts of an optimiser differ by themselves where its kind does.
  const apart = told.filter((path) => kinds.size === 1 || !path.startsWith('optimizer.')).slice(0, MOST_DIFFERENCES);
  return [
    'state',
    `best:${lead}/validation`,
    'bestEpoch',
    'diagnosis',
    'best:loss/validation',
    `last:${lead}/validation`,
    'parameters',
    ...(kinds.size > 1 ? ['optimizer'] : []),
    'rate',
    'remedies',
    ...apart.map((path) => `config:${path}`),
    'duration',
    'by',
  ];
}

/** Every column that a person may choose, in groups. */
export function columnChoices(rows: readonly RunRow[]): { title: string; ids: string[] }[] {
  const metrics = (of: (r: RunRow) => object) => [...new Set(rows.flatMap((r) => Object.keys(of(r))))].sort();
  return [
    { title: 'Run', ids: Object.keys(FIXED).filter((id) => id !== 'number' && id !== 'name') },
    { title: 'At best epoch', ids: metrics((r) => r.bestMetrics).map((n) => `best:${n}`) },
    { title: 'Last value', ids: metrics((r) => r.lastMetrics).map((n) => `last:${n}`) },
    { title: 'What differs', ids: varyingPaths(rows.map((r) => r.config)).map((path) => `config:${path}`) },
  ].filter((group) => group.ids.length > 0);
}

/** Empty cells last in either direction; equal ones newest first. O(n log n). */
export function sortRows<T extends RunRow>(rows: readonly T[], columnId: string, descending: boolean): T[] {
  const column = columnOf(columnId) ?? columnOf('number')!;
  const keyed = rows.map((row) => ({ row, key: numberOf(column.value(row)) }));
  const sign = descending ? -1 : 1;
  keyed.sort((a, b) => compare(a.key, b.key, sign) || b.row.number - a.row.number);
  return keyed.map((k) => k.row);
}

/** Flat values of a configuration are text; those that are numbers sort as numbers. */
function numberOf(value: CellValue): CellValue {
  if (typeof value !== 'string' || value.trim() === '' || Number.isNaN(Number(value))) return value;
  return Number(value);
}

function compare(a: CellValue, b: CellValue, sign: number): number {
  const missing = (v: CellValue) => v === null || (typeof v === 'number' && Number.isNaN(v));
  if (missing(a) || missing(b)) return Number(missing(a)) - Number(missing(b));
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
  return sign * String(a).localeCompare(String(b), 'en');
}

export type Filter = { ok: true; matches: (run: RunRow) => boolean } | { ok: false; message: string };

/** Regular expression, any case, over name, number, state and remedies. */
export function rowFilter(pattern: string): Filter {
  if (pattern === '') return { ok: true, matches: () => true };
  try {
    const expression = new RegExp(pattern, 'i');
    return {
      ok: true,
      matches: (r) =>
        [r.name, runId(r.number), r.state, remedyWords(r.config).join(' ')].some((text) => expression.test(text)),
    };
  } catch (error) {
    return {
      ok: false,
      message: `Not a regular expression: ${error instanceof Error ? error.message.replace(/^.*: /, '') : ''}`,
    };
  }
}
