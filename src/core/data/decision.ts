import { z } from 'zod';
import { AppError, type ErrorItem } from '../errors.ts';
import { COLUMN_TYPES, type ColumnReport, categoryLimit, MAX_CATEGORIES } from './column-typing.ts';
import type { DatasetKind } from './dataset-schema.ts';
import {
  addProblem,
  type ClassCount,
  emptyProblems,
  type ImageContent,
  type ProblemList,
  type Report,
  type TableContent,
} from './report.ts';
import { MIN_GROUPS } from './split.ts';

/** What the person decides on the review page. */

const drop = z.boolean().default(false);
const table = {
  target: z.string(),
  /** columns left out keep the proposed type */
  columns: z.record(z.string(), z.enum(COLUMN_TYPES)).default({}),
  drop,
};

export const decisionSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('image-classification'),
    labeling: z.string(),
    height: z.int().min(1).max(4096),
    width: z.int().min(1).max(4096),
    channels: z.union([z.literal(1), z.literal(3), z.literal(4)]),
    drop,
  }),
  z.strictObject({ kind: z.literal('image-keypoints'), drop }),
  z.strictObject({ kind: z.literal('tabular-classification'), ...table }),
  z.strictObject({ kind: z.literal('tabular-regression'), ...table }),
]);
export type Decision = z.output<typeof decisionSchema>;
export type TableDecision = Extract<Decision, { target: string }>;

/** What a script says beforehand: take the proposals, and whether to drop what can't be used. */
export const automaticSchema = z.strictObject({ automatic: z.literal(true), drop });

/** More pixels and numbers than this are no data set for one machine: bytes of all parts together. */
export const MAX_PACK_BYTES = 32 * 2 ** 30;

/** The proposals as a decision, which the review form starts with. */
export function proposedDecision(report: Report, kind: DatasetKind = report.proposals[0]!.kind): Decision {
  const { content } = report;
  if (content.type === 'images') {
    const size = content.sizes[0]!;
    return {
      kind: 'image-classification',
      labeling: content.labelings[0]!.id,
      height: size.height,
      width: size.width,
      channels: content.channels.colour ? 3 : 1,
      drop: false,
    };
  }
  if (content.type === 'keypoints') return { kind: 'image-keypoints', drop: false };
  return {
    kind: kind === 'tabular-regression' ? 'tabular-regression' : 'tabular-classification',
    target: content.target,
    columns: {},
    drop: false,
  };
}

export function columnType(column: ColumnReport, decision: TableDecision): ColumnReport['type'] {
  return decision.columns[column.name] ?? column.type;
}

/** The classes that a decision gives, before anything is dropped; null for a regression. */
export function classesOf(report: Report, decision: Decision): ClassCount[] | null {
  const { content } = report;
  if (content.type === 'images' && decision.kind === 'image-classification')
    return content.labelings.find((l) => l.id === decision.labeling)?.classes ?? null;
  if (content.type === 'table' && decision.kind === 'tabular-classification') {
    const values = content.columns.find((c) => c.name === decision.target)?.values;
    return values?.map(({ value, count }) => ({ name: value, count })) ?? null;
  }
  return null;
}

/** What this decision would drop: files and rows that can't be used, rows without a target, classes too small to split. */
export function problemsOf(report: Report, decision: Decision): ProblemList {
  const list = emptyProblems();
  const addAll = ({ total, first }: ProblemList) => {
    for (const item of first) addProblem(list, item.path, item.message);
    list.total += total - first.length;
  };
  addAll(report.problems);
  const { content } = report;
  if (content.type === 'images' && decision.kind === 'image-classification') {
    const labeling = content.labelings.find((l) => l.id === decision.labeling);
    if (labeling) addAll(labeling.unlabelled);
  }
  if (content.type === 'table' && 'target' in decision) addAll(tableProblems(report, content, decision));
  for (const { name, count } of classesOf(report, decision) ?? []) {
    if (count < MIN_GROUPS)
      addProblem(
        list,
        `class "${name}"`,
        `has ${count} ${count === 1 ? 'item' : 'items'}; a class needs at least ${MIN_GROUPS}, one for each part`,
      );
  }
  return list;
}

function tableProblems(report: Report, content: TableContent, decision: TableDecision): ProblemList {
  const list = emptyProblems();
  const file = report.source.table ?? 'table';
  for (const column of content.columns) {
    const isTarget = column.name === decision.target;
    const wantsNumbers = isTarget ? decision.kind === 'tabular-regression' : columnType(column, decision) === 'numeric';
    if (wantsNumbers) {
      for (const { line, value } of column.notNumbers.first)
        addProblem(list, `${file}:${line}`, `${column.name} is "${value}", not a number`);
      list.total += column.notNumbers.total - column.notNumbers.first.length;
    }
    if (isTarget && column.missing) {
      for (const line of column.missingLines) addProblem(list, `${file}:${line}`, `${column.name} has no value`);
      list.total += column.missing - column.missingLines.length;
    }
  }
  return list;
}

/**
 * Checks a decision against what inspection found.
 * @throws AppError `invalid_data` whose items name each field, what is wrong and how to mend it
 */
export function checkDecision(report: Report, decision: Decision): void {
  const items: ErrorItem[] = [];
  const { content } = report;
  const fits = {
    images: ['image-classification'],
    keypoints: ['image-keypoints'],
    table: ['tabular-classification', 'tabular-regression'],
  }[content.type];
  if (!fits.includes(decision.kind))
    items.push({ path: 'kind', message: `This upload can't be ${decision.kind}; choose ${fits.join(' or ')}.` });
  else if (content.type === 'images') checkImages(content, decision, items);
  else if (content.type === 'table') checkTable(content, decision as TableDecision, items);
  if (items.length) throw new AppError('invalid_data', items[0]!.message, { items });

  const classes = classesOf(report, decision);
  if (classes && classes.filter((c) => c.count >= MIN_GROUPS).length < 2)
    throw new AppError(
      'invalid_data',
      `A classification needs two classes of ${MIN_GROUPS} items or more; this choice leaves ${classes.filter((c) => c.count >= MIN_GROUPS).length}. Choose other labels, or upload more items.`,
    );
  const problems = problemsOf(report, decision);
  if (problems.total && !decision.drop)
    throw new AppError(
      'invalid_data',
      `${problems.total} ${problems.total === 1 ? 'place' : 'places'} can't be used. Choose to drop them, or cancel, mend the file and upload it again.`,
      { items: problems.first },
    );
}

function checkImages(content: ImageContent, decision: Decision, items: ErrorItem[]): void {
  if (decision.kind !== 'image-classification') return;
  const labeling = content.labelings.find((l) => l.id === decision.labeling);
  if (!labeling)
    items.push({ path: 'labeling', message: `Choose labels from: ${content.labelings.map((l) => l.id).join(', ')}.` });
  else if (!labeling.classes)
    items.push({ path: 'labeling', message: `${labeling.title} gives more than ${MAX_CATEGORIES} classes.` });
  const bytes = content.items * decision.height * decision.width * decision.channels;
  if (bytes > MAX_PACK_BYTES)
    items.push({
      path: 'height',
      message: `${content.items} images of ${decision.height} × ${decision.width} take ${Math.round(bytes / 2 ** 30)} GB; the limit is ${MAX_PACK_BYTES / 2 ** 30} GB. Choose a smaller size.`,
    });
}

function checkTable(content: TableContent, decision: TableDecision, items: ErrorItem[]): void {
  const byName = new Map(content.columns.map((c) => [c.name, c]));
  const limit = categoryLimit(content.columns.length);
  for (const name of Object.keys(decision.columns)) {
    if (!byName.has(name)) items.push({ path: `columns/${name}`, message: `There is no column "${name}".` });
  }
  const target = byName.get(decision.target);
  if (!target) {
    items.push({
      path: 'target',
      message: `There is no column "${decision.target}"; choose one of ${[...byName.keys()].slice(0, 10).join(', ')}.`,
    });
    return;
  }
  if (decision.kind === 'tabular-classification' && !target.values)
    items.push({
      path: 'target',
      message: `${target.name} has more than ${limit} different values, too many for classes. Choose another target, or regression.`,
    });
  if (decision.kind === 'tabular-regression' && (!target.range || target.range.min === target.range.max))
    items.push({
      path: 'target',
      message: `${target.name} holds no numbers that differ. Choose another target, or classification.`,
    });
  let features = 0;
  for (const column of content.columns) {
    if (column.name === target.name) continue;
    const type = columnType(column, decision);
    if (type === 'ignored') continue;
    features++;
    if (type === 'categorical' && !column.values)
      items.push({
        path: `columns/${column.name}`,
        message: `${column.name} has more than ${limit} different values, too many for a categorical column. Make it numeric or leave it out.`,
      });
    if (type === 'numeric' && !column.range)
      items.push({
        path: `columns/${column.name}`,
        message: `${column.name} holds no numbers. Make it categorical or leave it out.`,
      });
  }
  if (features === 0) items.push({ path: 'columns', message: 'No column is left to learn from. Use at least one.' });
}
