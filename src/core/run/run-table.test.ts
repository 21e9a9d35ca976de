import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withDropout } from '../config/dropout.ts';
import { defaultConfig } from '../config/presets.ts';
import { columnChoices, columnOf, defaultColumns, type RunRow, rowFilter, sortRows } from './run-table.ts';

const base = defaultConfig({ kind: 'vector', features: 4 }, { kind: 'classification', classes: 3 }, 100);
const row = (number: number, more: Partial<RunRow> = {}): RunRow => ({
  id: `${number}`,
  number,
  name: `run ${number}`,
  config: base,
  state: 'finished',
  createdAt: new Date(0),
  startedAt: new Date(0),
  endedAt: new Date(65_000),
  epoch: 3,
  step: 30,
  parameters: 10,
  itemsPerSecond: null,
  bestEpoch: 2,
  lastMetrics: { 'loss/validation': 0.4 },
  bestMetrics: { 'loss/validation': 0.3, 'accuracy/validation': 0.9 },
  createdBy: null,
  ...more,
});

describe('columns', () => {
  test('cells come from the run, its metrics and its configuration', () => {
    const cell = (id: string) => columnOf(id)!.value(row(1));
    expect(['duration', 'best:accuracy/validation', 'last:loss/validation', 'last:nothing'].map(cell)).toEqual([
      65,
      0.9,
      0.4,
      null,
    ]);
    const broken = row(1, { lastMetrics: { 'loss/validation': null } });
    expect(columnOf('last:loss/validation')!.value(broken)).toBeNaN();
    expect(cell('config:optimizer.kind')).toBe('Adam');
    expect(cell('optimizer')).toBe('Adam');
    expect(columnOf('best:loss/validation')!.head).toBe('Loss at best epoch');
    expect(
      ['best:rmse/validation', 'best:accuracy/train', 'last:rmse/train', 'config:batchSize', 'config:model.x'].map(
        (id) => columnOf(id)!.head,
      ),
    ).toEqual(['Best RMSE', 'Train accuracy at best epoch', 'Last train RMSE', 'Batch', 'model.x']);
    expect([columnOf('nonsense'), columnOf('constructor'), columnOf('x:y')]).toEqual([null, null, null]);
  });
  test('what tells the runs apart gets a column of its own', () => {
    const rows = [row(1), row(2, { config: { ...base, batchSize: 8, seed: 3 } })];
    expect(defaultColumns(rows, 'accuracy')).toContain('config:batchSize');
    expect(defaultColumns(rows, 'accuracy')).not.toContain('config:seed');
    expect(columnChoices(rows).at(-1)).toEqual({ title: 'What differs', ids: ['config:batchSize', 'config:seed'] });
    expect(columnChoices([row(1)]).map((g) => g.title)).not.toContain('What differs');
    const mixed = [row(1), row(2, { config: { ...base, optimizer: { kind: 'sgd', momentum: 0.9, nesterov: false } } })];
    expect(defaultColumns(mixed, 'accuracy').filter((c) => c.includes('optim'))).toEqual(['optimizer']);
  });
});

describe('rows', () => {
  test('are sorted with empty cells last in either direction, and no row is lost', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.double()), { maxLength: 30 }), fc.boolean(), (values, descending) => {
        const rows = values.map((v, i) => row(i + 1, { bestMetrics: { m: v } }));
        const sorted = sortRows(rows, 'best:m', descending);
        expect(sorted.map((r) => r.number).sort((a, b) => a - b)).toEqual(rows.map((r) => r.number));
        const cells = sorted.map((r) => r.bestMetrics.m!);
        const empty = (v: number | null | undefined) => v === null || v === undefined || Number.isNaN(v);
        const firstEmpty = cells.findIndex(empty);
        if (firstEmpty >= 0) expect(cells.slice(firstEmpty).every(empty)).toBe(true);
        const full = cells.filter((v) => !empty(v));
        for (let i = 1; i < full.length; i++)
          expect(descending ? full[i - 1]! >= full[i]! : full[i - 1]! <= full[i]!).toBe(true);
      }),
    );
  });
  test('values of a configuration sort as numbers', () => {
    const rows = [8, 100, 16].map((batchSize, i) => row(i + 1, { config: { ...base, batchSize } }));
    expect(sortRows(rows, 'config:batchSize', false).map((r) => r.config.batchSize)).toEqual([8, 16, 100]);
    expect(sortRows(rows, 'gone', true).map((r) => r.number)).toEqual([3, 2, 1]);
  });
  test('are filtered by a regular expression; one that is wrong says so', () => {
    const rows = [
      row(1, { name: 'cnn plain' }),
      row(12, { name: 'mlp', config: { ...base, model: withDropout(base.model, base.model.layers[0]!, 0.3) } }),
    ];
    const found = (pattern: string) => {
      const filter = rowFilter(pattern);
      return filter.ok ? rows.filter(filter.matches).map((r) => r.number) : filter.message;
    };
    expect([found('CNN|x'), found('r-0012'), found('dropout'), found('^mlp$'), found('')]).toEqual([
      [1],
      [12],
      [12],
      [12],
      [1, 12],
    ]);
    expect(found('(')).toMatch(/Not a regular expression/);
  });
});
