import { describe, expect, test } from 'vitest';
import { layerNames } from '../model/names.ts';
import { planModel } from '../model/plan.ts';
import { modelSchema } from '../model/spec.ts';
import { summarise } from '../model/summary.ts';
import { diffConfigs, flattenConfig, varyingPaths } from './diff.ts';
import { carryDropout, dropoutPlaces, dropoutRates, withDropout, withDropoutRates, withoutDropout } from './dropout.ts';
import { DEPTHS, defaultConfig, PRESET_IDS, presetModel, presetOf, presetsFor, sizesOf, WIDTHS } from './presets.ts';
import { runConfigSchema } from './run-config.ts';

const digits = { kind: 'image', height: 28, width: 28, channels: 1 } as const;
const ten = { kind: 'classification', classes: 10 } as const;
const table = { kind: 'vector', features: 4 } as const;
const targets = {
  kind: 'regression',
  targets: 30,
  offset: Array(30).fill(48),
  scale: Array(30).fill(48),
  unit: 'pixels',
} as const;

describe('presets', () => {
  test('are those that fit the input', () => {
    expect(presetsFor(digits, ten).map((p) => p.id)).toEqual([...PRESET_IDS]);
    expect(presetsFor({ ...digits, height: 8, width: 8 }, ten).map((p) => p.id)).toEqual([
      'linear',
      'mlp',
      'small_cnn',
      'resnet8',
      'mobilenet',
    ]);
    expect(presetsFor(table, { kind: 'classification', classes: 3 }).map((p) => p.id)).toEqual(['linear', 'mlp']);
  });

  test('width and depth make each wider and deeper, and are found again', () => {
    const image = { ...digits, height: 32, width: 32 };
    const parameters = (id: (typeof PRESET_IDS)[number], size: object) =>
      summarise(presetModel(id, image, ten, size), image, 1, ten).parameters;
    for (const id of PRESET_IDS) {
      if (id === 'linear') continue;
      const plain = parameters(id, {});
      // Weights between hidden layers go by the square of the width, those at the ends by itself.
      expect(parameters(id, { width: 2 }) / plain, id).toBeGreaterThan(1.7);
      expect(parameters(id, { width: 0.5 }) / plain, id).toBeLessThan(0.6);
      expect(parameters(id, { depth: 2 }), id).toBeGreaterThan(plain);
      for (const width of WIDTHS)
        for (const depth of DEPTHS) {
          const found = presetOf(presetModel(id, image, ten, { width, depth }), image, ten)!;
          expect({ ...found, depth: 0 }, `${id} ${depth}`).toEqual({ id, width, depth: 0 });
          if (depth >= 1) expect(found.depth).toBe(depth);
        }
    }
    expect(sizesOf('linear', image, ten, { width: 1, depth: 1 })).toEqual({ widths: [1], depths: [1] });
    expect(sizesOf('resnet8', image, ten, { width: 1, depth: 1 })).toEqual({
      widths: [...WIDTHS],
      depths: [1, 2, 3, 4],
    });
  });

  test('LeNet has the weights that it had in 1998 but for its full second convolution and plain averages', () => {
    const { rows } = summarise(presetModel('lenet', digits, ten), digits, 1, ten);
    expect(rows.map((r) => r.parameters).filter(Boolean)).toEqual([156, 2416, 48120, 10164, 850]);
  });

  test('each plans to the size of the answer', () => {
    for (const preset of presetsFor({ ...digits, height: 96, width: 96 }, targets))
      expect(planModel(preset.model, { ...digits, height: 96, width: 96 }).at(-1)!.output).toEqual([30]);
  });

  test('the default suits the kind of data and is a valid configuration', () => {
    const config = defaultConfig(digits, ten, 3500);
    expect(presetOf(config.model, digits, ten)).toEqual({ id: 'small_cnn', width: 1, depth: 1 });
    expect(config).toMatchObject({ batchSize: 64, epochs: 12, learningRate: 0.001, optimizer: { kind: 'adam' } });
    expect(runConfigSchema.parse(config)).toEqual(config);
    expect(defaultConfig(table, { kind: 'classification', classes: 3 }, 105)).toMatchObject({ batchSize: 16 });
  });
});

describe('dropout', () => {
  const small = defaultConfig(digits, ten, 3500).model;
  const names = layerNames(small);

  test('goes after a hidden layer and comes out again', () => {
    expect(dropoutPlaces(small, names)).toEqual(['conv1', 'conv2', 'dense1']);
    const changed = withDropout(small, small.layers[names.indexOf('dense1')]!, 0.3);
    expect(layerNames(changed)).toEqual([
      'conv1',
      'pool1',
      'conv2',
      'pool2',
      'flatten',
      'dense1',
      'dropout1',
      'dense2',
    ]);
    expect(dropoutRates(changed)).toEqual([0.3]);
    expect(withoutDropout(changed)).toEqual(small);
    expect(presetOf(changed, digits, ten)).toMatchObject({ id: 'small_cnn' });
  });
});

describe('dropout in a graph', () => {
  const conv = (name: string, more: object = {}) => ({
    type: 'conv2d',
    name,
    filters: 4,
    kernelSize: 3,
    padding: 'same',
    ...more,
  });
  const graph = modelSchema.parse({
    layers: [
      conv('a'),
      conv('b'),
      { type: 'add', name: 'sum', inputs: ['a', 'b'] },
      { type: 'residual', name: 'r', layers: [conv('c'), { type: 'spatial_dropout', rate: 0.2 }] },
      { type: 'flatten' },
      { type: 'dense', units: 10, name: 'answer' },
    ],
  });

  test('comes out of blocks too, and what read it reads what it read', () => {
    expect(dropoutRates(graph)).toEqual([0.2]);
    expect(dropoutRates(withDropoutRates(graph, (rate) => 2 * rate))).toEqual([0.4]);
    const plain = withoutDropout(graph);
    const changed = withDropout(plain, plain.layers[0]!, 0.3);
    expect(changed.layers[3]).toMatchObject({ inputs: ['dropout1', 'b'] });
    expect(planModel(changed, digits).map((l) => `${l.name} of ${l.inputs}`)).toEqual([
      'a of input',
      'dropout1 of a',
      'b of dropout1',
      'sum of dropout1,b',
      'r/c of sum',
      'r of r/c,sum',
      'flatten_1 of r',
      'answer of flatten_1',
    ]);
    expect(withoutDropout(changed)).toEqual(plain);
  });

  test('goes along when the preset’s size changes', () => {
    const narrow = presetModel('small_cnn', digits, ten, { width: 0.5 });
    const small = presetModel('small_cnn', digits, ten);
    const dropped = withDropout(small, small.layers.find((l) => l.name === 'dense1')!, 0.4);
    expect(carryDropout(dropped, narrow)).toEqual(
      withDropout(narrow, narrow.layers.find((l) => l.name === 'dense1')!, 0.4),
    );
    expect(carryDropout(small, narrow)).toEqual(narrow);
  });
});

describe('differences', () => {
  const before = defaultConfig(digits, ten, 3500);
  const small = before.model;

  test('an inserted layer is one change, a changed optimiser names its parts', () => {
    const after = {
      ...before,
      seed: 8,
      model: withDropout(small, small.layers.find((l) => l.name === 'dense1')!, 0.3),
    };
    expect(diffConfigs(before, after)).toEqual([
      { path: 'layers.dropout1.rate', before: undefined, after: '0.3' },
      { path: 'layers.dropout1.type', before: undefined, after: 'dropout' },
      { path: 'seed', before: '0', after: '8' },
    ]);
    expect(diffConfigs(before, before)).toEqual([]);
  });

  test('kernels given as two numbers are one leaf, and what is off has none', () => {
    expect(flattenConfig({ model: { layers: [{ type: 'conv2d', kernelSize: [3, 5] }] }, earlyStopping: null })).toEqual(
      new Map([
        ['layers.1.type', 'conv2d'],
        ['layers.1.kernelSize', '[3,5]'],
      ]),
    );
    expect(flattenConfig({ augmentation: { rotation: 10, zoom: 0, horizontalFlip: false, erasing: null } })).toEqual(
      new Map([['augmentation.rotation', '10']]),
    );
  });

  test('the columns that tell runs apart', () => {
    expect(varyingPaths([before, { ...before, seed: 1 }, { ...before, l2: 0.1 }])).toEqual(['l2', 'seed']);
    expect(varyingPaths([])).toEqual([]);
  });
});
