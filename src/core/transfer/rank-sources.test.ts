import { expect, test } from 'vitest';
import { runConfigSchema } from '../config/run-config.ts';
import { modelSchema, type TaskSpec } from '../model/spec.ts';
import { startWith } from './new-head.ts';
import { rankSources } from './rank-sources.ts';
import { takesOverWords } from './takes-over.ts';

const input = { kind: 'image', height: 8, width: 8, channels: 1 } as const;
const task: TaskSpec = { kind: 'classification', classes: 7 };
const conv = (name: string, filters: number) => ({ type: 'conv2d', name, filters, kernelSize: 3, padding: 'same' });
const network = (filters: number[], units: number) =>
  modelSchema.parse({
    layers: [
      ...filters.map((n, i) => conv(`conv${i + 1}`, n)),
      { type: 'flatten', name: 'flat' },
      { type: 'dense', name: 'hidden', units: 9 },
      { type: 'dense', name: 'out', units },
    ],
  });
const config = runConfigSchema.parse({
  ...{ model: network([4, 6], 7), optimizer: { kind: 'sgd' }, learningRate: 0.1, batchSize: 8, epochs: 10 },
});
const source = (name: string, filters: number[], more: object = {}) => ({
  ...{ name, input, source: { run: crypto.randomUUID() }, number: 1 as number | null, bestValue: 0.5 as number | null },
  ...{ metric: 'accuracy' as 'accuracy' | 'rmse' | null, diverged: false, model: network(filters, 3) },
  ...more,
});

test('what has the run’s layers comes before other models, whatever they score; within both the better first', () => {
  const sources = [
    source('other newest', [8, 8], { bestValue: 0.99 }),
    source('a part of it', [4]),
    source('diverged', [4, 6], { bestValue: 0.9, diverged: true }),
    source('of numbers', [4, 6], { bestValue: 0.01, metric: 'rmse' }),
    source('worse', [4, 6], { bestValue: 0.4 }),
    source('better', [4, 6], { bestValue: 0.8 }),
    source('unscored', [4, 6], { bestValue: null }),
    source('upload', [4, 6], { number: null, bestValue: null, metric: null }),
    source('of rows', [4, 6], { input: { kind: 'vector', features: 4 }, model: { layers: [] } }),
  ];
  const { alike, other } = rankSources(sources, config.model, input, task);
  expect(alike.map(({ name }) => name)).toEqual(['upload', 'better', 'worse', 'unscored', 'of numbers', 'diverged']);
  expect(other.map(({ name }) => name)).toEqual(['other newest', 'a part of it']);
});

test('layers that do not fit together, as in a form that is being edited, are like no source’s', () => {
  const { alike, other } = rankSources([source('s', [4, 6])], { layers: config.model.layers.slice(0, 1) }, input, task);
  expect([alike.length, other.length]).toEqual([0, 1]);
});

test('it is said whether a copy keeps the run’s layers or takes over another model', () => {
  const say = (filters: number[]) => {
    const after = startWith(config, source('s', filters), input, task)!;
    return takesOverWords(config.model, after, input, task, 'r-0026 mobile');
  };
  expect(say([4, 6])).toBe('keeps the run’s layers up to flat, with the weights of r-0026 mobile, under a new head');
  const whole = {
    model: config.model,
    startFrom: { ...startWith(config, source('s', [4, 6]), input, task)!.startFrom!, cutAfter: null },
  };
  expect(takesOverWords(config.model, whole, input, task, 's')).toBe('keeps the run’s layers, with the weights of s');
  expect(say([8, 8])).toMatch(/^takes over the model of r-0026 mobile up to flat, with a new head, in place of/);
  expect(say([4])).toMatch(/^takes over the model/);
  expect(say([4, 6, 8])).toMatch(/^takes over the model/);
});
