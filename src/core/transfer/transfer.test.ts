import { describe, expect, test } from 'vitest';
import { runConfigSchema } from '../config/run-config.ts';
import { freeze, layersUpTo } from '../model/freeze.ts';
import { planModel, plannedWeights } from '../model/plan.ts';
import { type InputSpec, modelSchema, type TaskSpec } from '../model/spec.ts';
import { type Lineage, learntElsewhere, sawOtherSplit } from './lineage.ts';
import { fittingCuts, startWith, usualCut, withNewHead } from './new-head.ts';
import { stageAt } from './stage.ts';
import { startFromRun } from './start-from.ts';
import { elsewhereWords } from './words.ts';

const image = (side: number, channels: 1 | 3 = 1): InputSpec => ({
  kind: 'image',
  height: side,
  width: side,
  channels,
});
const task: TaskSpec = { kind: 'classification', classes: 7 };
const source = {
  source: { run: crypto.randomUUID() },
  input: image(8),
  model: modelSchema.parse({
    layers: [
      { type: 'conv2d', filters: 4, kernelSize: 3, padding: 'same' },
      { type: 'residual', name: 'block', layers: [{ type: 'conv2d', filters: 6, kernelSize: 3, padding: 'same' }] },
      { type: 'conv2d', name: 'side', inputs: ['conv2d_1'], filters: 6, kernelSize: 1 },
      { type: 'add', name: 'sum', inputs: ['block', 'side'] },
      { type: 'max_pool2d', name: 'pool' },
      { type: 'flatten', name: 'flat' },
      { type: 'dense', name: 'hidden', units: 5 },
      { type: 'dense', name: 'out', units: 3 },
    ],
  }),
};
const config = runConfigSchema.parse({
  ...{ model: source.model, optimizer: { kind: 'sgd' }, learningRate: 0.1, batchSize: 8, epochs: 10 },
});

test('a run that starts from another’s weights freezes what that one froze, as long as it did', () => {
  const id = crypto.randomUUID();
  const plain = { source: { run: id }, cutAfter: null, freezeUpTo: null, secondStage: null };
  expect(startFromRun({ id, config })).toEqual(plain);
  const startFrom = {
    ...{ source: source.source, cutAfter: 'flat', freezeUpTo: 'pool' },
    secondStage: { epoch: 4, learningRate: 1e-5 },
  };
  const kept = { freezeUpTo: 'pool', secondStage: startFrom.secondStage };
  expect(startFromRun({ id, config: { ...config, startFrom } })).toEqual({ ...plain, ...kept });
});

describe('a new head', () => {
  test('stands in the place of the source’s answer and has as many units as the task', () => {
    const { model, startFrom } = startWith(config, source, image(8), task, 'hidden')!;
    expect(model.layers.at(-1)).toMatchObject({ type: 'dense', name: 'head', units: 7 });
    expect(model.layers[0]).toMatchObject({ name: 'conv2d_1' });
    expect(startFrom).toMatchObject({ cutAfter: 'hidden', freezeUpTo: 'hidden' });
  });

  test('takes the place of all dense layers of an image network, of others that of the answer alone', () => {
    expect(usualCut(source, image(8), task)).toBe('flat');
    const layers = [
      { type: 'dense', name: 'first', units: 5 },
      { type: 'dense', name: 'last', units: 3 },
    ];
    const rows: InputSpec = { kind: 'vector', features: 4 };
    expect(usualCut({ model: modelSchema.parse({ layers }), input: rows }, rows, task)).toBe('first');
  });

  test('on images of another size the cut is before what the size changes', () => {
    expect(usualCut(source, image(12), task)).toBe('flat');
    expect(fittingCuts(source, image(12), task)).toEqual(['conv2d_1', 'block', 'side', 'sum', 'pool', 'flat']);
    expect(usualCut(source, image(8, 3), task)).toBeNull();
    expect(usualCut(source, { kind: 'vector', features: 64 }, task)).toBeNull();
  });

  test('after an image takes the mean of every channel; branches that lead elsewhere fall away', () => {
    const names = withNewHead(source, 'block', image(8), task).layers.map((layer) => layer.name);
    expect(names).toEqual(['conv2d_1', 'block', 'pool_', 'head']);
    expect(withNewHead(source, 'side', image(8), task).layers.map((l) => l.name)).toEqual([
      'conv2d_1',
      'side',
      'pool_',
      'head',
    ]);
  });

  test('needs something to take over: a linear model has nothing but its answer', () => {
    const linear = modelSchema.parse({ layers: [{ type: 'flatten' }, { type: 'dense', units: 3 }] });
    expect(usualCut({ ...source, model: linear }, image(8), task)).toBeNull();
  });
});

test('frozen layers have nothing to train, those inside of blocks included', () => {
  const plan = planModel(source.model, source.input);
  const frozen = freeze(plan, layersUpTo(plan, 'block'));
  const trained = plannedWeights(frozen).filter((w) => w.trainable);
  expect(trained.map((w) => w.name)).toEqual(['side', 'hidden', 'out'].flatMap((n) => [`${n}/kernel`, `${n}/bias`]));
});

test('a second stage counts its epochs, and its schedule, from its own beginning', () => {
  const staged = { ...startWith(config, source, image(8), task)! };
  expect(stageAt(staged, 9)).toMatchObject({ number: 1, startEpoch: 0 });
  staged.startFrom!.secondStage = { epoch: 4, learningRate: 0.01 };
  expect(stageAt(staged, 3)).toMatchObject({ number: 1, config: { learningRate: 0.1, epochs: 10 } });
  expect(stageAt(staged, 4)).toMatchObject({ number: 2, startEpoch: 4, config: { learningRate: 0.01, epochs: 6 } });
});

test('a source that learned from the same items under another split is told, however far back', () => {
  const step = (contentDigest: string, splitDigest: string) => ({
    ...{ kind: 'run' as const, runId: 'r', number: 1, name: 'n', projectId: 'p', project: 'P', team: 'T', epoch: 1 },
    ...{ dataset: 'd', contentDigest, splitDigest, cutAfter: null, layers: [], weightsDigest: 'w' },
  });
  const data = { contentDigest: 'a', splitDigest: 's' };
  expect(sawOtherSplit([step('a', 's'), step('b', 'x')], data)).toBeUndefined();
  expect(sawOtherSplit([step('b', 's'), step('a', 'x')], data)).toMatchObject({ splitDigest: 'x' });
});

test('whatever did not learn from this very data is told: other data, data without a digest, uploads', () => {
  const run = (contentDigest: string | null, splitDigest: string | null, dataset: string): Lineage[number] => ({
    ...{ kind: 'run', runId: 'r', number: 1, name: 'base', projectId: 'p', project: 'Half', team: 'Heron', epoch: 2 },
    ...{ dataset, contentDigest, splitDigest, cutAfter: null, layers: [], weightsDigest: 'w' },
  });
  const upload: Lineage[number] = {
    ...{ kind: 'model', modelId: 'm', name: 'digits', filename: 'digits.keras', format: 'keras', fileDigest: 'f' },
    ...{ cutAfter: null, layers: [], weightsDigest: 'w' },
  };
  const data = { contentDigest: 'a', splitDigest: 's' };
  const chain = [run('a', 's', 'own'), run('b', 's', 'half'), run(null, null, 'old'), upload];
  expect(learntElsewhere(chain, data)).toEqual(chain.slice(1));
  expect(learntElsewhere([run(null, null, 'old')], { contentDigest: null, splitDigest: null })).toHaveLength(1);
  expect(elsewhereWords(learntElsewhere([run('a', 's', 'own')], data))).toBeNull();
  const words = elsewhereWords(learntElsewhere(chain, data));
  expect(words).toContain('base at epoch 2 (Heron, Half), trained on the data set half; and from');
  expect(words).toContain('digits (digits.keras), an uploaded file. When it opens the test part, the referee counts');
  expect(words).toContain('What an uploaded file learned from is not known here');
  expect(words).not.toContain('data set own');
});
