import { z } from 'zod';
import type { TaskSpec } from '../model/spec.ts';

/** What a model answers to each item of one part: the worst items, and where it goes wrong. Made of the validation part alone. */

/** Items that the report names. */
export const WORST_ITEMS = 48;

const index = z.int().min(0).describe('place of the item in the validation part');

const classificationReport = z.object({
  kind: z.literal('classification'),
  n: z.int(),
  epoch: z.int().describe('of the weights that answered'),
  confusion: z
    .array(z.object({ label: z.int(), answer: z.int(), items: z.int() }))
    .describe('only pairs that occur; classes by their number'),
  worst: z
    .array(
      z.object({
        index,
        label: z.int(),
        answer: z.int(),
        loss: z.number().nullable().describe('-ln(probability of the true class); null where it is no number'),
        confidence: z.number().nullable().describe('probability of the answer'),
      }),
    )
    .describe('largest loss first'),
});

const regressionReport = z.object({
  kind: z.literal('regression'),
  n: z.int(),
  epoch: z.int().describe('of the weights that answered'),
  targets: z
    .array(
      z.object({
        items: z.int().describe('where it is not missing'),
        rmse: z.number().nullable(),
        mae: z.number().nullable(),
        bias: z.number().nullable().describe('mean of prediction minus target'),
      }),
    )
    .describe("one a target, in the target's own unit"),
  worst: z
    .array(
      z.object({
        index,
        rmse: z.number().nullable().describe('over the targets that the item has'),
        targets: z.array(z.number().nullable()).describe('null = missing'),
        predictions: z.array(z.number().nullable()),
      }),
    )
    .describe('largest error first'),
});

export const itemReportSchema = z.discriminatedUnion('kind', [classificationReport, regressionReport]);
export type ItemReport = z.infer<typeof itemReportSchema>;
export type ClassificationReport = z.infer<typeof classificationReport>;
export type RegressionReport = z.infer<typeof regressionReport>;

/**
 * @param answers float32 [N, classes] logits, or [N, T] predictions in the targets' own unit; row-major
 * @param y int32 [N] classes, or float32 [N, T] with NaN for missing
 * @param epoch of the weights that answered
 * O(N * classes + N log N).
 */
export function itemReport(
  task: TaskSpec,
  answers: Float32Array,
  y: Int32Array | Float32Array,
  epoch: number,
): ItemReport {
  return task.kind === 'classification'
    ? classes(task.classes, answers, y, epoch)
    : numbers(task.targets, answers, y, epoch);
}

function classes(
  width: number,
  logits: Float32Array,
  y: Int32Array | Float32Array,
  epoch: number,
): ClassificationReport {
  const pairs = new Map<number, number>();
  const items = Array.from(y, (label, i) => {
    const row = logits.subarray(i * width, (i + 1) * width);
    const answer = row.indexOf(row.reduce((a, b) => Math.max(a, b)));
    // A row that holds NaN answers nothing: it counts as the first class that is wrong.
    const given = answer >= 0 ? answer : label === 0 ? 1 : 0;
    const key = label * width + given;
    pairs.set(key, (pairs.get(key) ?? 0) + 1);
    const total = row.reduce((sum, v) => sum + Math.exp(v - row[given]!), 0);
    const loss = finite(Math.log(total) + row[given]! - row[label]!);
    return { index: i, label, answer: given, loss, confidence: finite(1 / total) };
  });
  return {
    kind: 'classification',
    n: items.length,
    epoch,
    confusion: [...pairs].map(([key, count]) => ({
      label: Math.floor(key / width),
      answer: key % width,
      items: count,
    })),
    worst: worstOf(items, (item) => item.loss),
  };
}

function numbers(
  width: number,
  predictions: Float32Array,
  y: Int32Array | Float32Array,
  epoch: number,
): RegressionReport {
  const n = y.length / width;
  const sums = Array.from({ length: width }, () => ({ items: 0, squares: 0, absolute: 0, bias: 0 }));
  const items = Array.from({ length: n }, (_, index) => {
    let squares = 0;
    let present = 0;
    for (let t = 0; t < width; t++) {
      const target = y[index * width + t]!;
      if (Number.isNaN(target)) continue;
      const error = predictions[index * width + t]! - target;
      const sum = sums[t]!;
      sum.items++;
      sum.squares += error * error;
      sum.absolute += Math.abs(error);
      sum.bias += error;
      squares += error * error;
      present++;
    }
    return { index, rmse: present === 0 ? 0 : finite(Math.sqrt(squares / present)) };
  });
  const row = (of: ArrayLike<number>, i: number) => Array.from({ length: width }, (_, t) => finite(of[i * width + t]!));
  return {
    kind: 'regression',
    n,
    epoch,
    targets: sums.map(({ items: count, squares, absolute, bias }) => ({
      items: count,
      rmse: count ? finite(Math.sqrt(squares / count)) : null,
      mae: count ? finite(absolute / count) : null,
      bias: count ? finite(bias / count) : null,
    })),
    worst: worstOf(items, (item) => item.rmse).map((item) => ({
      ...item,
      targets: row(y, item.index),
      predictions: row(predictions, item.index),
    })),
  };
}

/** What is no number is worse than any. */
function worstOf<T>(items: readonly T[], loss: (item: T) => number | null): T[] {
  const badness = (item: T) => loss(item) ?? Number.POSITIVE_INFINITY;
  return items.toSorted((a, b) => (badness(a) === badness(b) ? 0 : badness(b) - badness(a))).slice(0, WORST_ITEMS);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

export interface ClassFigures {
  /** items that carry the class */
  items: number;
  /** how often it was answered */
  answered: number;
  right: number;
  /** null where nothing was answered so, or carries it */
  precision: number | null;
  recall: number | null;
  f1: number | null;
}

/** By class, as scikit-learn's precision_recall_fscore_support. O(pairs + classes). */
export function classFigures(confusion: ClassificationReport['confusion'], width: number): ClassFigures[] {
  const figures = Array.from({ length: width }, () => ({ items: 0, answered: 0, right: 0 }));
  for (const { label, answer, items } of confusion) {
    figures[label]!.items += items;
    figures[answer]!.answered += items;
    if (label === answer) figures[label]!.right += items;
  }
  return figures.map((f) => ({
    ...f,
    precision: f.answered ? f.right / f.answered : null,
    recall: f.items ? f.right / f.items : null,
    f1: f.items + f.answered ? (2 * f.right) / (f.items + f.answered) : null,
  }));
}
