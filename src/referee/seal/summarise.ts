import type { ProblemList, ReportSource } from '#core/data/report.ts';
import {
  BINS,
  type ColumnSummary,
  type DuplicateGroup,
  MAX_SUMMARIES,
  OPEN_PARTS,
  type OpenPart,
  type PerPart,
  type SealedReport,
} from '#core/data/sealed-report.ts';
import type { Assignment } from '../ingest/assign-parts.ts';
import type { Collected } from '../ingest/collected.ts';

/** What people may see after the seal. Test items are never read here: only items of OPEN_PARTS are. */
export async function summarise(data: Collected, split: Assignment, source: ReportSource): Promise<SealedReport> {
  const { input, output } = data;
  const columns: ColumnSummary[] = [];
  const features = input.type === 'table' ? input.columns : [];
  const shown = features.slice(0, MAX_SUMMARIES);
  const ranges = shown.map((column) => start(column.name, 'feature'));
  // Two passes, first the ranges and then the counts: values of a part need not fit into memory.
  if (shown.length) {
    for (const part of OPEN_PARTS)
      for await (const row of data.x.rows(split.parts[part]))
        ranges.forEach((range, c) => {
          see(range, row[c]!, part);
        });
    for (const part of OPEN_PARTS)
      for await (const row of data.x.rows(split.parts[part]))
        ranges.forEach((range, c) => {
          count(range, row[c]!, part);
        });
    shown.forEach((column, c) => {
      columns.push(
        column.type === 'numeric' ? numeric(ranges[c]!) : categorical(ranges[c]!, (v) => column.categories[v]!),
      );
    });
  }
  if (output.type === 'numbers') {
    const width = output.targets.length;
    for (const [t, name] of output.targets.slice(0, MAX_SUMMARIES).entries()) {
      const range = start(name, 'target');
      for (const use of [see, count])
        for (const part of OPEN_PARTS)
          for (const item of split.parts[part]) use(range, output.values[item * width + t]!, part);
      columns.push(numeric(range));
    }
  }
  return {
    source,
    dropped: data.dropped satisfies ProblemList,
    duplicates: duplicates(data, split),
    classes: output.type === 'classes' ? classShares(output.of, split) : null,
    columns,
    moreColumns: features.length - shown.length,
  };
}

interface Range {
  name: string;
  role: 'feature' | 'target';
  min: number;
  max: number;
  sum: number;
  n: number;
  integers: boolean;
  missing: PerPart<number>;
  bins: PerPart<number[]>;
  values: Map<number, PerPart<number>>;
}

function start(name: string, role: Range['role']): Range {
  return {
    name,
    role,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    sum: 0,
    n: 0,
    integers: true,
    missing: { train: 0, validation: 0 },
    bins: { train: [], validation: [] },
    values: new Map(),
  };
}

function see(range: Range, value: number, part: OpenPart): void {
  if (Number.isNaN(value)) {
    range.missing[part]++;
    return;
  }
  range.n++;
  range.sum += value;
  if (!Number.isInteger(value)) range.integers = false;
  if (value < range.min) range.min = value;
  if (value > range.max) range.max = value;
}

function count(range: Range, value: number, part: OpenPart): void {
  if (Number.isNaN(value)) return;
  const span = range.max - range.min;
  // Whole numbers get a bin each where there are few, or empty bins would stand between them.
  const whole = range.integers && span < BINS;
  const size = whole ? span + 1 : BINS;
  const at = whole
    ? value - range.min
    : span > 0
      ? Math.min(BINS - 1, Math.floor(((value - range.min) / span) * BINS))
      : 0;
  for (const counts of Object.values(range.bins)) while (counts.length < size) counts.push(0);
  range.bins[part][at]!++;
  const seen = range.values.get(value);
  if (seen) seen[part]++;
  // Numeric columns have too many values to count, and none asks for them.
  else if (range.values.size < 1000) range.values.set(value, { train: 0, validation: 0, [part]: 1 });
}

const empty = (range: Range) => range.n === 0;

function numeric(range: Range): ColumnSummary {
  const { name, role, missing, bins } = range;
  return {
    name,
    role,
    missing,
    type: 'numeric',
    bins,
    min: empty(range) ? 0 : range.min,
    max: empty(range) ? 0 : range.max,
    mean: empty(range) ? 0 : range.sum / range.n,
  };
}

function categorical(range: Range, nameOf: (value: number) => string): ColumnSummary {
  const values = [...range.values].map(([value, n]) => ({ value: nameOf(value), ...n }));
  values.sort((a, b) => b.train + b.validation - a.train - a.validation || (a.value < b.value ? -1 : 1));
  return {
    name: range.name,
    role: range.role,
    missing: range.missing,
    type: 'categorical',
    values: values.slice(0, 50),
  };
}

function classShares(of: readonly string[], split: Assignment): SealedReport['classes'] {
  const shares = new Map(split.classes.map((name) => [name, { name, train: 0, validation: 0 }]));
  for (const part of OPEN_PARTS) for (const item of split.parts[part]) shares.get(of[item]!)![part]++;
  return [...shares.values()];
}

const SHOWN_GROUPS = 60;
const SHOWN_MEMBERS = 6;

function duplicates(data: Collected, split: Assignment): SealedReport['duplicates'] {
  const place = new Map<number, number>();
  for (const part of OPEN_PARTS)
    split.parts[part].forEach((item, k) => {
      place.set(item, k);
    });
  const groups: DuplicateGroup[] = [];
  let items = 0;
  let conflicts = 0;
  for (const group of split.groups) {
    if (group.part === 'test') continue;
    items += group.items.length;
    const { output } = data;
    const labels = output.type === 'classes' ? [...new Set(group.items.map((item) => output.of[item]!))] : [];
    if (labels.length > 1) conflicts++;
    const first = group.items.slice(0, SHOWN_MEMBERS);
    groups.push({ part: group.part, items: first.map((i) => place.get(i)!), names: first.map(data.nameOf), labels });
  }
  return {
    groups: groups.length,
    items,
    conflicts,
    first: groups.sort((a, b) => b.labels.length - a.labels.length).slice(0, SHOWN_GROUPS),
  };
}
