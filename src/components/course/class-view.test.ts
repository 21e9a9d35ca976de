import { expect, test } from 'vitest';
import { axesByScale, type ClassRow, cutsOf } from './class-view.ts';

function row(scale: string, metric: 'accuracy' | 'rmse', unit: string, value: number, lastEpoch: number): ClassRow {
  const curve = { epochs: [1, lastEpoch], values: [value, value] };
  const best = { id: '', number: 1, name: '', value, epoch: 1, train: curve, validation: curve };
  return { scale, metric, unit, best } as ClassRow;
}

test('only projects with the same scale share axes and a median', () => {
  const axes = axesByScale([
    row('digits', 'accuracy', '10 classes', 0.9, 20),
    row('digits', 'accuracy', '10 classes', 0.8, 30),
    row('iris', 'accuracy', '3 classes', 0.4, 5),
    row('faces', 'rmse', 'pixels', 2, 40),
  ]);
  expect(axes.size).toBe(3);
  expect(axes.get('digits')).toMatchObject({ words: 'accuracy over 10 classes', n: 2, lastEpoch: 30, high: 1 });
  expect(axes.get('digits')!.median).toBeCloseTo(0.85);
  expect(axes.get('digits')!.low).toBeCloseTo(0.65);
  expect(axes.get('iris')).toMatchObject({ words: 'accuracy over 3 classes', n: 1, median: null, lastEpoch: 5 });
  expect(axes.get('faces')).toMatchObject({ words: 'RMSE in pixels', low: 0, high: 2, median: null });
});

test('a curve by itself is shown whole; of several each stretch outside the axes is marked', () => {
  const falls = { epochs: [1, 2, 3, 4], values: [9, 6, 3, 2] };
  const rises = { epochs: [1, 2, 3], values: [0.12, 0.8, 0.9] };
  const of = (scale: string, metric: 'accuracy' | 'rmse', value: number, train: typeof falls): ClassRow => {
    const one = row(scale, metric, 'y', value, 4);
    return { ...one, best: { ...one.best!, train } };
  };
  expect(axesByScale([of('a', 'rmse', 2, falls)]).get('a')).toMatchObject({ low: 0, high: 9 });
  expect(axesByScale([of('a', 'accuracy', 0.9, rises)]).get('a')).toMatchObject({ low: 0.1, high: 1 });
  const shared = axesByScale([of('a', 'rmse', 2, falls), of('a', 'rmse', 2, falls)]).get('a')!;
  expect(shared.high).toBe(4);
  expect(cutsOf(falls, shared)).toEqual([{ epoch: 1.5, edge: 'high' }]);
  expect(cutsOf(rises, { low: 0.5, high: 0.85 })).toEqual([
    { epoch: 1, edge: 'low' },
    { epoch: 3, edge: 'high' },
  ]);
  expect(cutsOf(rises, { low: 0, high: 1 })).toEqual([]);
});

test('a project without a best run has no axes', () => {
  expect(axesByScale([{ ...row('iris', 'accuracy', '3 classes', 1, 1), best: null }]).size).toBe(0);
});
