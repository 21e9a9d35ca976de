import { expect, test } from 'vitest';
import type { TaskSpec } from '../model/spec.ts';
import {
  type ClassificationReport,
  classFigures,
  itemReport,
  itemReportSchema,
  type RegressionReport,
} from './item-report.ts';

const CLASSES = { kind: 'classification', classes: 3 } as const;

test('counts pairs, and puts the item first whose true class got the least', () => {
  const logits = Float32Array.of(4, 0, 0, 0, 3, 0, 5, 0, 0, 0, 0, 1);
  const labels = Int32Array.of(0, 1, 2, 1);
  const report = itemReport(CLASSES, logits, labels, 7) as ClassificationReport;
  expect(itemReportSchema.parse(report)).toEqual(report);
  expect(report).toMatchObject({ n: 4, epoch: 7 });
  expect(report.confusion).toContainEqual({ label: 2, answer: 0, items: 1 });
  expect(report.worst.map((w) => w.index)).toEqual([2, 3, 1, 0]);
  const total = Math.exp(5) + 2;
  expect(report.worst[0]!.loss).toBeCloseTo(Math.log(total), 5);
  expect(report.worst[0]!.confidence).toBeCloseTo(Math.exp(5) / total, 5);
});

test("by class the figures are scikit-learn's", () => {
  // labels 0 0 1 1 2, answers 0 1 1 1 0
  const confusion = [
    { label: 0, answer: 0, items: 1 },
    { label: 0, answer: 1, items: 1 },
    { label: 1, answer: 1, items: 2 },
    { label: 2, answer: 0, items: 1 },
  ];
  const figures = classFigures(confusion, 3);
  expect(figures[0]).toMatchObject({ items: 2, precision: 0.5, recall: 0.5, f1: 0.5 });
  expect(figures[1]).toMatchObject({ items: 2, precision: 2 / 3, recall: 1, f1: 0.8 });
  expect(figures[2]).toMatchObject({ items: 1, precision: null, recall: 0, f1: 0 });
});

test('answers that are no number count as wrong, come first, and stay JSON', () => {
  const report = itemReport(CLASSES, Float32Array.of(0, 9, 0, Number.NaN, 0, 0), Int32Array.of(1, 0), 1);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect(report.worst[0]).toMatchObject({ index: 1, loss: null });
  expect((report as ClassificationReport).confusion).not.toContainEqual(
    expect.objectContaining({ label: 0, answer: 0 }),
  );
});

test('targets have their errors in their own unit; missing ones count for nothing', () => {
  const task = {
    kind: 'regression' as const,
    targets: 2,
    offset: [0, 0],
    scale: [1, 1],
    unit: 'pixels',
  } satisfies TaskSpec;
  const y = Float32Array.of(1, 2, 3, Number.NaN, 5, 6);
  const predictions = Float32Array.of(1, 4, 0, 9, 5, 6);
  const report = itemReport(task, predictions, y, 3) as RegressionReport;
  expect(itemReportSchema.parse(report)).toEqual(report);
  expect(report.targets[0]).toMatchObject({ items: 3, rmse: Math.sqrt(9 / 3), mae: 1, bias: -1 });
  expect(report.targets[1]).toMatchObject({ items: 2, rmse: Math.sqrt(4 / 2), mae: 1, bias: 1 });
  expect(report.worst.map((w) => [w.index, w.rmse])).toEqual([
    [1, 3],
    [0, Math.sqrt(2)],
    [2, 0],
  ]);
  expect(report.worst[0]).toMatchObject({ targets: [3, null], predictions: [0, 9] });
});
