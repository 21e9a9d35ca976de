import { describe, expect, test } from 'vitest';
import { augmentationSchema } from '../augmentation/spec.ts';
import { checkConfig } from '../config/check-config.ts';
import { dropoutRates } from '../config/dropout.ts';
import { defaultConfig, PRESET_IDS, presetsFor } from '../config/presets.ts';
import { type RunConfig, runConfigSchema } from '../config/run-config.ts';
import { type InputSpec, modelSchema, type TaskSpec } from '../model/spec.ts';
import { summarise } from '../model/summary.ts';
import { ADJUSTMENTS, type AdjustmentId } from './adjustments.ts';
import { withBatchNorm, withoutBatchNorm } from './batch-norm.ts';
import { CHANGES, changeById, changeId, changeTitle, whyNoChange } from './changes.ts';
import { startEarlyStopping } from './early-stopping.ts';
import { REMEDIES, REMEDY_IDS, remedyById, remedyWords } from './index.ts';

const input: InputSpec = { kind: 'image', height: 28, width: 28, channels: 1 };
const task: TaskSpec = { kind: 'classification', classes: 10 };
const sources = [{ source: { run: crypto.randomUUID() }, model: defaultConfig(input, task, 3_500).model, input }];
const context = { input, task, trainItems: 3_500, sources };
const plain = defaultConfig(input, task, 3_500);
const apply = (id: (typeof REMEDY_IDS)[number], config: RunConfig) => remedyById(id)!.apply(config, context);

describe('every remedy', () => {
  test('is there once, in the stated order, with two sentences and a source to open', () => {
    const ids = REMEDIES.map((r) => r.id);
    expect(ids).toEqual(REMEDY_IDS.filter((id) => ids.includes(id)));
    for (const { sentences, source } of REMEDIES) {
      for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/);
      expect(source.url).toMatch(/^https:\/\//);
      expect(source.label).toMatch(/\d{4}/);
      expect(source.title).toMatch(/\d{4}/);
    }
  });

  test.each(REMEDIES)('$id changes a plain configuration, and what comes out can be trained', (remedy) => {
    const changed = remedy.apply(plain, context);
    expect(changed).not.toEqual(plain);
    const schema = {
      kind: 'image-classification' as const,
      image: { height: 28, width: 28, channels: 1 as const },
      classes: [...'0123456789'],
    };
    expect(() => checkConfig(changed!, schema, 3_500, { bytes: 8e9, where: 'here' })).not.toThrow();
    // Alone: the other remedies read as before.
    for (const other of REMEDIES) if (other.id !== remedy.id) expect(other.words(changed!)).toBe(other.words(plain));
  });

  test.each(REMEDIES)('$id ends somewhere: pressed often enough it has nothing left to change', (remedy) => {
    let config: RunConfig | null = plain;
    for (let i = 0; i < 20 && config; i++) config = remedy.apply(config, context);
    expect(config).toBeNull();
  });

  test.each(PRESET_IDS)('fits the preset %s or says that it has nothing to change', (id) => {
    const preset = presetsFor({ ...input, height: 96, width: 96 }, task).find((p) => p.id === id)!;
    for (const remedy of REMEDIES) {
      const changed = remedy.apply({ ...plain, model: preset.model }, context);
      if (changed) expect(() => summarise(changed.model, { ...input, height: 96, width: 96 }, 8, task)).not.toThrow();
    }
  });
});

test('dropout is put after the last hidden layer, and raised where it is on', () => {
  const once = apply('dropout', plain)!;
  expect(dropoutRates(once.model)).toEqual([0.3]);
  expect(once.model.layers.findIndex((l) => l.type === 'dropout')).toBe(once.model.layers.length - 2);
  expect(dropoutRates(apply('dropout', once)!.model)).toEqual([0.4]);
  const linear = presetsFor(input, task).find((p) => p.id === 'linear')!.model;
  expect(apply('dropout', { ...plain, model: linear })).toBeNull();
});

test('what is on already is called stronger, not counted', () => {
  const augmentation = changeById('augmentation')!;
  const four = { ...plain, augmentation: augmentationSchema.parse({ rotation: 10, zoom: 0.1, shear: 5, noise: 0.02 }) };
  const stronger = augmentation.apply(four, context)!;
  expect(changeTitle(augmentation, stronger, four)).toBe('Stronger augmentation');
  expect(changeTitle(augmentation, augmentation.apply(plain, context)!, plain)).toBe('Rotation, translation, zoom');
});

test('augmentation starts with what keeps every answer, grows by half, and blends rows of tables', () => {
  const once = apply('augmentation', plain)!;
  expect(once.augmentation).toMatchObject({
    rotation: 10,
    translation: 0.1,
    zoom: 0.1,
    horizontalFlip: false,
    mixup: 0,
  });
  expect(apply('augmentation', once)!.augmentation).toMatchObject({ rotation: 15, translation: 0.15, zoom: 0.15 });
  const table = { ...context, input: { kind: 'vector', features: 4 } as const };
  expect(remedyById('augmentation')!.apply(plain, table)!.augmentation).toMatchObject({ rotation: 0, mixup: 0.2 });
});

test('the L2 factor grows tenfold', () => {
  expect(apply('weight_penalty', plain)!.l2).toBe(1e-4);
  expect(apply('weight_penalty', { ...plain, l2: 1e-4 })!.l2).toBe(1e-3);
});

test('early stopping names its direction and waits a tenth of a long run', () => {
  const long = apply('early_stopping', { ...plain, epochs: 200 })!;
  expect(long.earlyStopping).toMatchObject({ metric: 'loss', direction: 'min', patience: 20 });
  expect(apply('early_stopping', plain)!.earlyStopping!.patience).toBe(5);
});

test.each([1, 6])('in a run of %i epochs early stopping could never act: not offered, and why', (epochs) => {
  const short = { ...plain, epochs };
  expect(apply('early_stopping', short)).toBeNull();
  expect(whyNoChange(remedyById('early_stopping')!, short, context)).toMatch(
    new RegExp(`^Early stopping can end a run after epoch 6 .* only ${epochs}, so it could never act\\.`),
  );
});

test('in a run one epoch longer than it may last early stopping is offered', () => {
  expect(apply('early_stopping', { ...plain, epochs: 7 })!.earlyStopping!.patience).toBe(5);
});

test('early stopping that could never act is put in anew, with a patience that can', () => {
  const waits = startEarlyStopping({ epochs: 400 });
  const late = { ...waits, metric: 'accuracy', direction: 'max', minDelta: 0.01, warmupEpochs: 3 } as const;
  const changed = apply('early_stopping', { ...plain, epochs: 30, earlyStopping: late })!;
  expect(changed.earlyStopping).toEqual({ ...late, patience: 5 });
  expect(apply('early_stopping', changed)).toBeNull();
  expect(apply('early_stopping', { ...plain, epochs: 8, earlyStopping: late })).toBeNull();
  const soon = { ...plain, epochs: 4, earlyStopping: { ...waits, patience: 2 } };
  expect(whyNoChange(remedyById('early_stopping')!, soon, context)).toMatch(/would change nothing in this run/);
});

test.each([
  [1, null, 6, 'with more than 6 epochs'],
  [6, null, 6, 'with more than 6 epochs, or with a patience of at most 4'],
  [12, [2, 10], 13, 'with more than 13 epochs, or with a warm-up of at most 8'],
  [4, [2, 10], 13, 'with more than 13 epochs, or without its warm-up'],
  [8, [40, 3], 44, 'with more than 44 epochs, or with a patience of at most 3'],
  [8, [5, 5], 11, 'with more than 11 epochs, or with a patience of 1, or with a warm-up of at most 1'],
  [8, [40, 10], 51, 'with more than 51 epochs, or with a shorter warm-up and patience'],
  [2, [40, 10], 51, 'with more than 51 epochs'],
] as const)(
  'in %i epochs early stopping with patience and warm-up %j says what would let it act',
  (epochs, own, end, ways) => {
    const spec = own && { ...startEarlyStopping(plain), patience: own[0], warmupEpochs: own[1] };
    const config = { ...plain, epochs, earlyStopping: spec };
    expect(apply('early_stopping', config)).toBeNull();
    const words = whyNoChange(remedyById('early_stopping')!, config, context);
    expect(words).toContain(`after epoch ${end} at the earliest, and this run has only ${epochs},`);
    expect(words).toMatch(new RegExp(`Copy the run ${ways}\\.$`));
  },
);

test('transfer says whether its sources are still looked up, or why they could not be', () => {
  const why = (change: object) =>
    whyNoChange(remedyById('transfer')!, plain, { input, task, trainItems: 9, ...change });
  expect(why({})).toBe('What it could start from is still being looked up.');
  expect(why({ sourcesError: 'The server did not answer.' })).toBe(
    'What it could start from could not be looked up: The server did not answer.',
  );
  expect(why({ sources: [] })).toMatch(/none that fits this run was found/);
});

describe('batch norm', () => {
  test.each(['resnet8', 'mobilenet'] as const)('of %s: taken out of every block and put back, it fits again', (id) => {
    const { model } = presetsFor(input, task).find((p) => p.id === id)!;
    const without = withoutBatchNorm(model);
    expect(JSON.stringify(without)).not.toContain('batch_norm');
    const again = withBatchNorm(without);
    const parameters = (m: typeof model) => summarise(m, input, 8, task).parameters;
    expect(parameters(again)).toBe(parameters(model));
    expect(parameters(without)).toBeLessThan(parameters(model));
  });

  test('what read a layer reads its norm or activation', () => {
    const { layers } = withBatchNorm({
      layers: modelSchema.parse({
        layers: [
          { type: 'conv2d', name: 'a', filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' },
          { type: 'conv2d', name: 'b', filters: 4, kernelSize: 3, padding: 'same' },
          { type: 'add', name: 'sum', inputs: ['a', 'b'] },
          { type: 'flatten' },
          { type: 'dense', units: 10 },
        ],
      }).layers,
    });
    expect(layers.find((l) => l.name === 'sum')!.inputs).toEqual(['a_act', 'b_norm']);
  });

  test('stands between every hidden layer and its activation, not after the answer', () => {
    const { layers } = withBatchNorm(plain.model);
    expect(layers.map((l) => l.name)).toEqual([
      ...['conv1', 'conv1_norm', 'conv1_act', 'pool1', 'conv2', 'conv2_norm', 'conv2_act', 'pool2', 'flatten'],
      ...['dense1', 'dense1_norm', 'dense1_act', 'dense2'],
    ]);
    expect(layers[0]).toMatchObject({ activation: 'linear', bias: false });
    expect(layers[2]).toMatchObject({ type: 'activation', activation: 'relu' });
    expect(layers.at(-1)).toMatchObject({ bias: true });
  });

  test('taken out again, the model is what it was', () => {
    expect(withoutBatchNorm(withBatchNorm(plain.model))).toEqual(plain.model);
  });
});

test('a smaller model holds about a quarter of the weights and answers as many classes', () => {
  const weights = (config: RunConfig) => summarise(config.model, input, 8, task).parameters;
  const half = apply('smaller_model', plain)!;
  expect(weights(half) / weights(plain)).toBeCloseTo(0.26, 1);
  expect(half.model.layers.at(-1)).toEqual(plain.model.layers.at(-1));
});

describe('a smaller model has a floor', () => {
  const dense = (...units: number[]) => ({
    ...plain,
    model: modelSchema.parse({ layers: [{ type: 'flatten' }, ...units.map((n) => ({ type: 'dense', units: n }))] }),
  });
  const units = (config: RunConfig | null) =>
    config?.model.layers.flatMap((layer) => ('units' in layer ? [layer.units] : []));
  const why = (config: RunConfig) => whyNoChange(remedyById('smaller_model')!, config, context);

  test('no layer is left with a single unit, and one that has it keeps it', () => {
    expect(units(apply('smaller_model', dense(64, 2, 3, 1, 10)))).toEqual([32, 2, 2, 1, 10]);
  });

  test('where no layer can be halved it says why', () => {
    expect(apply('smaller_model', dense(2, 1, 10))).toBeNull();
    expect(why(dense(2, 1, 10))).toMatch(/^No hidden layer has more than 2 units or filters/);
    expect(apply('smaller_model', dense(10))).toBeNull();
    expect(why(dense(10))).toMatch(/^This model has no hidden layer/);
  });
});

test('a run that took layers over keeps their width, and both ways to change it say so', () => {
  const taken = apply('transfer', plain)!;
  for (const id of ['smaller_model', 'larger_model'] as const) {
    const change = changeById(id)!;
    expect(change.apply(taken, context)).toBeNull();
    expect(whyNoChange(change, taken, context)).toMatch(/^Layers that are taken over come as wide as they are\./);
    expect(change.apply(plain, context)).not.toBeNull();
  }
});

test('what is on is told in a word or two each', () => {
  expect(remedyWords(plain)).toEqual([]);
  // Another run's layers come as that run had them, so they come first.
  const order = [remedyById('transfer')!, ...REMEDIES.filter((remedy) => remedy.id !== 'transfer')];
  const all = order.reduce((config, remedy) => remedy.apply(config, context) ?? config, plain);
  expect(remedyWords(all)).toEqual(
    expect.arrayContaining([
      'dropout 0.3',
      'early stop',
      'L2 0.0001',
      'batch norm',
      expect.stringMatching(/^transfer, frozen up to /),
    ]),
  );
  expect(
    remedyWords({ ...plain, optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 } }),
  ).toEqual(['decay 0.01']);
});

describe('changes', () => {
  test('every id that can be asked for is there', () => {
    expect(CHANGES.map((change) => change.id).sort()).toEqual([...changeId.options].sort());
  });

  test.each(ADJUSTMENTS)('$id changes a configuration that it can, into one that can be read again', (adjustment) => {
    const starts: Partial<Record<AdjustmentId, RunConfig>> = {
      less_dropout: apply('dropout', plain)!,
      usual_rate: { ...plain, learningRate: 1 },
      lower_momentum: { ...plain, optimizer: { kind: 'sgd', momentum: 0.99, nesterov: true } },
    };
    const start = starts[adjustment.id] ?? plain;
    const changed = adjustment.apply(start, context)!;
    expect(changed).not.toEqual(start);
    expect(runConfigSchema.parse(changed)).toEqual(changed);
    expect(adjustment.words(changed)).not.toBe('');
  });

  test('a lower rate takes the end of its schedule along; what would change nothing is none', () => {
    const cosine = { ...plain, schedule: { kind: 'cosine', finalRate: 0.0005, warmupEpochs: 0 } } as const;
    expect(changeById('rate_tenth')!.apply(cosine, context)).toMatchObject({
      learningRate: 0.0001,
      schedule: { finalRate: 0 },
    });
    expect(changeById('cosine')!.apply(cosine, context)).toBeNull();
    expect(changeById('less_dropout')!.apply(plain, context)).toBeNull();
    expect(changeById('larger_batch')!.apply({ ...plain, batchSize: 2_000 }, context)).toBeNull();
  });

  test('halved often enough, dropout goes', () => {
    let config: RunConfig | null = apply('dropout', plain)!;
    for (let i = 0; i < 4 && config && dropoutRates(config.model).length > 0; i++)
      config = changeById('less_dropout')!.apply(config, context);
    expect(config!.model).toEqual(plain.model);
  });

  test('are named at the start of a sentence', () => {
    const title = (id: (typeof changeId.options)[number]) =>
      changeTitle(changeById(id)!, changeById(id)!.apply(plain, context)!);
    expect([title('dropout'), title('early_stopping'), title('weight_penalty'), title('smaller_model')]).toEqual([
      'Dropout 0.3',
      'Early stopping',
      'L2 0.0001',
      'Smaller model',
    ]);
  });
});
