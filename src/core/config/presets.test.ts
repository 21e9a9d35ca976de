import { describe, expect, test } from 'vitest';
import { layerNames } from '../model/names.ts';
import { planModel } from '../model/plan.ts';
import { diffConfigs, flattenConfig, varyingPaths } from './diff.ts';
import {
  defaultConfig,
  dropoutPlaces,
  dropoutRates,
  presetOf,
  presetsFor,
  withDropout,
  withoutDropout,
} from './presets.ts';
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
    expect(presetsFor(digits, ten).map((p) => p.id)).toEqual(['linear', 'mlp', 'small_cnn', 'keypoints']);
    expect(presetsFor({ ...digits, height: 8, width: 8 }, ten).map((p) => p.id)).toEqual([
      'linear',
      'mlp',
      'small_cnn',
    ]);
    expect(presetsFor(table, { kind: 'classification', classes: 3 }).map((p) => p.id)).toEqual(['linear', 'mlp']);
  });

  test('each plans to the size of the answer', () => {
    for (const preset of presetsFor({ ...digits, height: 96, width: 96 }, targets))
      expect(planModel(preset.model, { ...digits, height: 96, width: 96 }).at(-1)!.output).toEqual([30]);
  });

  test('the default suits the kind of data and is a valid configuration', () => {
    const config = defaultConfig(digits, ten, 3500);
    expect(presetOf(config.model, presetsFor(digits, ten))).toBe('small_cnn');
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
    expect(presetOf(changed, presetsFor(digits, ten))).toBe('small_cnn');
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
