import { expect, test } from 'vitest';
import { withDropout, withoutDropout } from './dropout.ts';
import { defaultConfig, keypointModel } from './presets.ts';
import { suggestName } from './suggest-name.ts';

const digits = { kind: 'image', height: 28, width: 28, channels: 1 } as const;
const ten = { kind: 'classification', classes: 10 } as const;
const config = defaultConfig(digits, ten, 3500);
const name = (change: object) => suggestName({ ...config, ...change }, digits, ten);

test('a name says what the run is and what holds it back', () => {
  expect(name({})).toBe('small-cnn');
  expect(name({ model: withDropout(config.model, config.model.layers[0]!, 0.2), l2: 0.1 })).toBe(
    'small-cnn dropout+l2',
  );
  expect(name({ earlyStopping: { metric: 'loss', patience: 3 } })).toBe('small-cnn early-stop');
  expect(name({ model: keypointModel(10) })).toBe('keypoints');
  expect(name({ model: withoutDropout(keypointModel(10)) })).toBe('keypoints no-dropout');
  expect(name({ model: { layers: config.model.layers.slice(2) } })).toBe('1conv-2dense');
  expect(name({ startFrom: { source: { run: 'r' } } })).toBe('small-cnn transferred');
});
