import { describe, expect, test } from 'vitest';
import { adviceOn } from './advice.ts';
import { configText, layersText } from './config-text.ts';
import { defaultConfig, keypointModel, presetModel } from './presets.ts';
import { readConfig, readConfigText } from './read-config.ts';

const digits = { kind: 'image', height: 28, width: 28, channels: 1 } as const;
const ten = { kind: 'classification', classes: 10 } as const;
const place = {
  schema: {
    kind: 'image-classification',
    image: { height: 28, width: 28, channels: 1 },
    classes: [...'0123456789'],
  },
  trainItems: 3500,
  budget: { bytes: 8e9, where: 'cpu:0' },
} as const;
const at = { ...place, schema: { ...place.schema, classes: [...place.schema.classes] } };
const config = defaultConfig(digits, ten, 3500);

describe('text of a configuration', () => {
  test('reads back as the same configuration, one layer a line', () => {
    expect(readConfigText(configText(config), at)).toEqual({ ok: true, config });
    expect(layersText(config.model).split('\n')[1]).toBe(
      '  { "type": "conv2d", "name": "conv1", "filters": 16, "kernelSize": 3, "padding": "same", "activation": "relu" },',
    );
    const keypoints = { ...config, model: keypointModel(10) };
    expect(readConfigText(configText(keypoints), at)).toEqual({ ok: true, config: keypoints });
  });

  test('of blocks: a layer a line inside of them too, and a mistake there has its own line', () => {
    const around = { prefix: '/model/layers', wrap: (layers: unknown) => ({ ...config, model: { layers } }) };
    const resnet = { ...config, model: presetModel('resnet8', digits, ten) };
    const text = layersText(resnet.model);
    expect(readConfigText(text, at, around)).toEqual({ ok: true, config: resnet });
    const lines = text.split('\n');
    const line = lines.findIndex((each) => each.includes('"name": "conv2"'));
    expect(lines[line]).toBe(
      '    { "type": "conv2d", "name": "conv2", "filters": 16, "kernelSize": 3, "padding": "same", "bias": false },',
    );
    const bad = lines.with(line, lines[line]!.replace('"kernelSize": 3', '"kernelSize": 0')).join('\n');
    expect(readConfigText(bad, at, around)).toMatchObject({ ok: false, problems: [{ line: line + 1 }] });
    const grown = lines.with(line, lines[line]!.replace('"padding": "same", ', '')).join('\n');
    expect(readConfigText(grown, at, around)).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringMatching(/"stage1_block1" adds .* which no shortcut joins/) }],
    });
  });

  test('layers alone, put into their place', () => {
    const around = { prefix: '/model/layers', wrap: (layers: unknown) => ({ ...config, model: { layers } }) };
    expect(readConfigText(layersText(config.model), at, around)).toEqual({ ok: true, config });
    const bad = '[\n  { "type": "flatten" },\n  { "type": "dense", "units": 9 }\n]';
    expect(readConfigText(bad, at, around)).toEqual({
      ok: false,
      problems: [expect.objectContaining({ line: 3, message: expect.stringContaining('each of the 10 classes') })],
    });
  });
});

describe('problems name their place', () => {
  const problems = (change: object) => {
    const checked = readConfig({ ...config, ...change }, at);
    return checked.ok ? [] : checked.problems.map((p) => [p.path, p.message]);
  };
  test.each([
    [{ batchSize: 0 }, '/batchSize', 'batchSize: must be at least 1'],
    [{ learningRate: Number.NaN }, '/learningRate', 'learningRate: must be a number'],
    [{ epochs: undefined }, '/epochs', 'epochs: is missing; give a number'],
    [{ model: undefined }, '/model', 'model: is missing; give an object'],
    [{ epochs: 1.5 }, '/epochs', 'epochs: must be a whole number'],
    [{ l3: 1 }, '/l3', 'has no "l3"; check the spelling'],
    [{ colour: 1 }, '/colour', 'has no "colour"; check the spelling'],
    [
      { optimizer: { kind: 'adam', beta_1: 0.8 } },
      '/optimizer/beta_1',
      'optimizer: has no "beta_1"; did you mean "beta1"?',
    ],
    [{ optimizer: { kind: 'adam', momentum: 0.8 } }, '/optimizer/momentum', /; check the spelling$/],
    [
      { augmentation: { horizontal_flip: true } },
      '/augmentation/horizontal_flip',
      'augmentation: has no "horizontal_flip"; did you mean "horizontalFlip"?',
    ],
    [
      { optimizer: { kind: 'adadelta' } },
      '/optimizer/kind',
      'optimizer.kind: must be one of sgd, adam, adamw, rmsprop, adagrad, not "adadelta"',
    ],
    [{ optimizer: { kind: 'AdamW ' } }, '/optimizer/kind', /, not "AdamW "; did you mean "adamw"\?$/],
    [{ optimizer: {} }, '/optimizer/kind', /, adagrad$/],
    [{ sampling: 'suffle' }, '/sampling', /^sampling: must be one of .*, not "suffle"; did you mean "shuffle"\?$/],
    [
      { model: { layers: [{ type: 'densee', units: 10 }] } },
      '/model/layers/0/type',
      /^type: must be one of .*, not "densee"; did you mean "dense"\?$/,
    ],
    [{ model: { layers: [{ type: 'dense' }] } }, '/model/layers/0/units', 'units: is missing; give a number'],
    [
      { earlyStopping: { metric: 'rmse', direction: 'min', patience: 3 } },
      '/earlyStopping/metric',
      /loss and accuracy, not rmse/,
    ],
  ])('%j', (change, path, message) => {
    expect(problems(change)).toEqual([[path, typeof message === 'string' ? message : expect.stringMatching(message)]]);
  });
  test('keys that are not known are told one by one, each at its line and with what it may be meant to be', () => {
    const text = configText(config)
      .replace('"batchSize"', '"batch_size"')
      .replace('"kernelSize": 3', '"kernalSize": 3')
      .replace('"seed"', '"zeed"');
    const read = readConfigText(text, at);
    const lines = text.split('\n');
    const found = read.ok ? [] : read.problems.map((p) => [p.path, p.message, lines[p.line - 1]]);
    expect(new Set(found)).toEqual(
      new Set([
        ['/batch_size', 'has no "batch_size"; did you mean "batchSize"?', expect.stringContaining('"batch_size"')],
        ['/zeed', 'has no "zeed"; did you mean "seed"?', expect.stringContaining('"zeed"')],
        [
          '/model/layers/0/kernalSize',
          'has no "kernalSize"; did you mean "kernelSize"?',
          expect.stringContaining('"kernalSize"'),
        ],
      ]),
    );
  });
  test.each([
    ['lr', 'learningRate'],
    ['batch', 'batchSize'],
    ['num_epochs', 'epochs'],
    ['random_state', 'seed'],
    ['lr_scheduler', 'schedule'],
  ] as const)('%s, as other frameworks say, is %s', (key, ours) => {
    const { [ours]: _, ...others } = config;
    const checked = readConfig({ ...others, [key]: 1 }, at);
    expect(checked).toEqual({
      ok: false,
      problems: [{ path: `/${key}`, message: `has no "${key}"; did you mean "${ours}"?` }],
    });
  });
  test.each([
    [
      { weight_decay: 0.01 },
      'has no "weight_decay"; weight decay is "weightDecay" of the optimizer whose kind is "adamw"',
    ],
    [
      { optimizer: { kind: 'sgd', weightDecay: 0.01 } },
      /^optimizer: has no "weightDecay"; weight decay is .* "adamw"$/,
    ],
    [{ optimizer: { kind: 'adamw', weight_decay: 0.01 } }, /did you mean "weightDecay"\?$/],
    [{ optimizer: { kind: 'adam', lr: 0.01 } }, /the learning rate is "learningRate", beside "optimizer"/],
    [{ optimizer: { kind: 'adam', eps: 1e-7 } }, /did you mean "epsilon"\?$/],
    [{ optimizer: { kind: 'sgd', nestrov: true } }, /did you mean "nesterov"\?$/],
    [{ momentum: 0.9 }, /it is one of the keys of "optimizer"$/],
    [{ constructor: 1 }, 'has no "constructor"; check the spelling'],
    [{ lr: 1 }, 'has no "lr"; check the spelling'],
  ])('%j has its place elsewhere', (change, message) => {
    expect(problems(change).map(([, words]) => words)).toEqual([
      typeof message === 'string' ? message : expect.stringMatching(message),
    ]);
  });
  test('a key that stands there already is not what another is meant to be', () => {
    expect(problems({ epoch: 3 })).toEqual([['/epoch', 'has no "epoch"; check the spelling']]);
  });
  test('a model that does not fit is named by its layer', () => {
    expect(problems({ model: { layers: [{ type: 'conv2d', name: 'big', filters: 1, kernelSize: 40 }] } })).toEqual([
      ['/model/layers/0', expect.stringMatching(/"big" has a window of 40 x 40/)],
    ]);
  });
});

describe('advice', () => {
  const about = (change: object) => adviceOn({ ...config, ...change }, digits, ten, 3500, 'image').map((a) => a.title);
  test('a softmax at the end of a classifier is one too many, and comes out by one click', () => {
    const layers = config.model.layers.with(-1, { ...config.model.layers.at(-1)!, activation: 'softmax' } as never);
    const [first] = adviceOn({ ...config, model: { layers } }, digits, ten, 100_000, 'image');
    expect(first).toMatchObject({ title: 'The answer goes through softmax first.', layer: 'dense2' });
    expect(first!.remedy!.change.model).toEqual(config.model);
  });

  test('a layer that can learn the images by heart, with a remedy that works', () => {
    const [heavy] = adviceOn(config, digits, ten, 3500, 'image');
    expect(heavy).toMatchObject({
      layer: 'dense1',
      title: 'dense1 holds 95 % of the parameters.',
      text: 'It has 100,416 weights, 29 for each training image, and can learn them by heart. A global average pool in place of flatten leaves it 2,112.',
    });
    expect(readConfig({ ...config, ...heavy!.remedy!.change }, at).ok).toBe(true);
    expect(adviceOn(config, digits, ten, 100_000, 'image')).toEqual([]);
  });
  test('settings that cancel themselves', () => {
    expect(about({ batchSize: 4000 })).toContain('One batch is larger than the train part.');
    expect(about({ schedule: { kind: 'cosine', finalRate: 0, warmupEpochs: 12 } })).toContain(
      'The warm-up fills the run.',
    );
    expect(about({ schedule: { kind: 'step', everyEpochs: 12, factor: 0.1, warmupEpochs: 0 } })).toContain(
      'The rate never falls.',
    );
    expect(about({ learningRate: 0.1 })).toContain('This learning rate is high.');
    const sgd = (momentum: number) => ({ learningRate: 0.3, optimizer: { kind: 'sgd', momentum, nesterov: false } });
    expect(about(sgd(0.9))).not.toContain('This learning rate is high.');
    expect(about(sgd(0.95))).toContain('This learning rate is high.');
    expect(
      about({ earlyStopping: { metric: 'loss', direction: 'min', patience: 12, minDelta: 0, warmupEpochs: 0 } }),
    ).toContain('Early stopping can’t act.');
  });
});
