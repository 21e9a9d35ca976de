import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { planAugmentation } from '#core/augmentation/plan.ts';
import { type RunConfigInput, runConfigSchema } from '#core/config/run-config.ts';
import type { InputSpec, TaskSpec } from '#core/model/spec.ts';
import { sfc32 } from '#core/random.ts';
import type { ItemArray, PartArrays } from '#engine/engine.ts';
import { openEngine } from '#engine/open-engine.ts';
import { decodeImage } from '#referee/ingest/image.ts';
import { openArchive } from '#referee/ingest/zip.ts';
import { fitLoop } from '#trainer/fit/loop.ts';
import { newLoopState } from '#trainer/fit/loop-state.ts';
import { planFit } from '#trainer/fit/plan.ts';
import { stopEarly } from '#trainer/fit/stop-early.ts';
import { fitSpecOf } from '../src/trainer/fit/fit-spec.ts';
import { type LabelledCurves, type Made, ruleHolds } from './support/diagnosis-labels.ts';

/**
 * Makes the labelled learning curves that src/core/run/diagnosis is measured against: trains small networks on the samples into each
 * state, with the product's own loop, and keeps a run where the rule of its state (support/diagnosis-labels.ts) holds in hindsight.
 * Seeds decide everything; every second run of a state is for tuning, the others are held out. Writes src/core/run/diagnosis/curves.jsonl.
 */

interface Table {
  name: string;
  /** uint8 images as they are; columns are standardised by the train part */
  x: (number[] | Uint8Array)[];
  y: number[];
  input: InputSpec;
  task: TaskSpec;
}

function table(name: string, classes: readonly string[] | null): Table {
  const [head, ...rows] = readFileSync(`samples/${name}.csv`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const target = name === 'digits-8x8' ? 0 : head!.length - 1;
  const y = rows.map((row) => (classes ? classes.indexOf(row[target]!) : Number(row[target])));
  const x = rows.map((row) => row.filter((_, i) => i !== target).map(Number));
  const input: InputSpec = { kind: 'vector', features: x[0]!.length };
  return { name, x, y, input, task: classes ? { kind: 'classification', classes: classes.length } : regression(y) };
}

function regression(y: readonly number[]): TaskSpec {
  const mean = y.reduce((a, b) => a + b, 0) / y.length;
  const std = Math.sqrt(y.reduce((a, b) => a + (b - mean) ** 2, 0) / y.length);
  return { kind: 'regression', targets: 1, offset: [mean], scale: [std], unit: '' };
}

async function images(name: string): Promise<Table> {
  const file = `samples/${name}.zip`;
  const archive = await openArchive(file, statSync(file).size, name);
  try {
    const read = async (entry: (typeof archive.images)[number]) =>
      (await decodeImage(await archive.read(entry))).pixels;
    const x: Uint8Array[] = [];
    for (const entry of archive.images) x.push(await read(entry));
    return {
      name,
      x,
      y: archive.images.map((entry) => Number(entry.name.split('/').at(-2))),
      input: { kind: 'image', height: 28, width: 28, channels: 1 },
      task: { kind: 'classification', classes: 10 },
    };
  } finally {
    await archive.close();
  }
}

const TABLES = {
  iris: table('iris', ['setosa', 'versicolor', 'virginica']),
  digits: table(
    'digits-8x8',
    Array.from({ length: 10 }, (_, i) => String(i)),
  ),
  diabetes: table('diabetes', null),
  mnist: await images('mnist-5000'),
};

interface Recipe {
  label: Made;
  table: keyof typeof TABLES;
  train: number;
  validation: number;
  /** of 3 x 3 convolutions, each followed by max pooling; images alone */
  filters?: number[];
  hidden: number[];
  dropout?: number;
  config: Partial<RunConfigInput> & { learningRate: number; epochs: number };
  /** share of train labels that are drawn anew */
  labelNoise?: number;
  /** the validation items also stand in the train part, this many times */
  leak?: number;
}

const adam = { kind: 'adam' } as const;
const sgd = { kind: 'sgd' } as const;
/** What each state was made with; `pick` chooses among values by the run's number. */
function recipes(pick: <T>(...values: T[]) => T): Recipe[] {
  return [
    {
      label: 'healthy',
      table: 'digits',
      train: pick(900, 1200, 1300),
      validation: pick(270, 400),
      hidden: [pick(16, 24, 32, 48)],
      config: { optimizer: adam, learningRate: pick(0.001, 0.002), batchSize: 32, epochs: pick(15, 20, 30) },
    },
    {
      label: 'healthy',
      table: pick('digits', 'digits', 'iris'),
      train: pick(110, 115),
      validation: 35,
      hidden: [pick(8, 16)],
      config: {
        optimizer: adam,
        learningRate: pick(0.003, 0.005),
        batchSize: 16,
        epochs: 80,
        earlyStopping: { metric: 'loss', direction: 'min', patience: pick(4, 6) },
      },
    },
    {
      label: 'underfitting',
      table: 'digits',
      train: pick(600, 1000),
      validation: 300,
      hidden: [pick(1, 2)],
      config: { optimizer: adam, learningRate: pick(0.002, 0.005), batchSize: 32, epochs: pick(25, 40) },
    },
    {
      label: 'underfitting',
      table: pick('digits', 'diabetes', 'iris'),
      train: 100,
      validation: pick(40, 45),
      hidden: [pick(8, 16)],
      config: { optimizer: sgd, learningRate: pick(1e-5, 3e-5), batchSize: 16, epochs: 30 },
    },
    {
      label: 'overfitting',
      table: 'digits',
      train: pick(60, 100, 150),
      validation: pick(300, 600),
      hidden: [pick(64, 128, 256), 64],
      config: { optimizer: adam, learningRate: pick(0.003, 0.005), batchSize: 16, epochs: pick(60, 90) },
      labelNoise: pick(0, 0.1, 0.2),
    },
    {
      label: 'overfitting',
      table: 'diabetes',
      train: pick(150, 300),
      validation: 100,
      hidden: [pick(64, 128), 64],
      config: { optimizer: adam, learningRate: pick(0.001, 0.002), batchSize: 16, epochs: pick(60, 80) },
    },
    {
      label: 'plateau',
      table: 'diabetes',
      train: pick(250, 320),
      validation: pick(100, 120),
      hidden: [],
      config: { optimizer: adam, learningRate: pick(0.01, 0.02), batchSize: 32, epochs: pick(60, 80) },
    },
    {
      label: 'plateau',
      table: 'digits',
      train: pick(700, 1000),
      validation: 350,
      hidden: [pick(16, 32)],
      config: { optimizer: adam, learningRate: 0.003, batchSize: 32, epochs: pick(40, 60), l2: pick(0.02, 0.03, 0.04) },
    },
    {
      label: 'diverging',
      table: pick('digits', 'diabetes', 'iris'),
      train: pick(100, 250),
      validation: 40,
      hidden: [32, 32],
      config: { optimizer: sgd, learningRate: pick(1, 2, 5), batchSize: 16, epochs: 25 },
    },
    {
      label: 'diverging',
      table: pick('diabetes', 'digits'),
      train: 200,
      validation: 80,
      hidden: [pick(64, 128), 64],
      config: { optimizer: adam, learningRate: pick(0.5, 1, 2), batchSize: 16, epochs: 25 },
    },
    {
      label: 'unstable',
      table: pick('digits', 'diabetes', 'iris'),
      train: pick(110, 300),
      validation: pick(35, 40),
      hidden: [pick(32, 64)],
      config: { optimizer: adam, learningRate: pick(0.05, 0.08, 0.12), batchSize: pick(4, 8), epochs: 40 },
    },
    {
      label: 'unstable',
      table: 'digits',
      train: pick(300, 500),
      validation: 120,
      hidden: [pick(32, 64), 32],
      config: { optimizer: adam, learningRate: pick(0.03, 0.04, 0.05), batchSize: pick(4, 8), epochs: 40 },
    },
    {
      label: 'validation_easier',
      table: 'digits',
      train: pick(900, 1200),
      validation: pick(300, 500),
      hidden: pick([48], [64], [64, 64]),
      dropout: pick(0.6, 0.7),
      config: { optimizer: adam, learningRate: pick(0.002, 0.003), batchSize: 32, epochs: pick(25, 30) },
    },
    {
      label: 'leak_or_noise',
      table: 'digits',
      train: pick(800, 1200),
      validation: pick(300, 400),
      hidden: [pick(8, 16, 24)],
      labelNoise: pick(0.3, 0.4),
      config: { optimizer: adam, learningRate: pick(0.002, 0.004), batchSize: 32, epochs: pick(15, 20) },
    },
    {
      label: 'leak_or_noise',
      table: 'digits',
      train: pick(500, 700),
      validation: pick(100, 150),
      hidden: [pick(3, 4, 5)],
      leak: pick(4, 6),
      labelNoise: pick(0.1, 0.2),
      config: { optimizer: adam, learningRate: pick(0.004, 0.006), batchSize: 32, epochs: pick(25, 40) },
    },
    {
      label: 'unclear',
      table: pick('iris', 'digits', 'diabetes'),
      train: 100,
      validation: pick(20, 45),
      hidden: [pick(8, 32)],
      config: { optimizer: adam, learningRate: pick(0.001, 0.005), batchSize: 16, epochs: pick(2, 3, 4) },
    },
    {
      label: 'unclear',
      table: pick('digits', 'diabetes'),
      train: pick(150, 300),
      validation: pick(3, 4),
      hidden: [16],
      dropout: 0.2,
      config: { optimizer: adam, learningRate: pick(0.015, 0.025), batchSize: 4, epochs: 25 },
    },
    {
      label: 'healthy',
      table: 'mnist',
      train: pick(900, 1300),
      validation: pick(300, 400),
      filters: [pick(4, 8), 16],
      hidden: [pick(16, 32)],
      config: { optimizer: adam, learningRate: pick(0.001, 0.002), batchSize: 32, epochs: pick(8, 12) },
    },
    {
      label: 'healthy',
      table: 'mnist',
      train: pick(500, 800),
      validation: 300,
      filters: [8, 16],
      hidden: [32],
      dropout: 0.2,
      config: {
        optimizer: adam,
        learningRate: 0.002,
        batchSize: 32,
        epochs: 40,
        earlyStopping: { metric: 'loss', direction: 'min', patience: pick(3, 5) },
      },
    },
    {
      label: 'underfitting',
      table: 'mnist',
      train: pick(400, 600),
      validation: 300,
      filters: [pick(1, 2)],
      hidden: pick<number[]>([], [1], [2]),
      config: { optimizer: sgd, learningRate: pick(1e-4, 3e-4), batchSize: 32, epochs: pick(12, 18) },
    },
    {
      label: 'overfitting',
      table: 'mnist',
      train: pick(80, 120, 160),
      validation: pick(300, 400),
      filters: [pick(8, 16), 16],
      hidden: [pick(32, 64)],
      labelNoise: pick(0, 0.1, 0.2),
      config: { optimizer: adam, learningRate: pick(0.002, 0.003), batchSize: 16, epochs: pick(40, 50) },
    },
    {
      label: 'diverging',
      table: 'mnist',
      train: pick(200, 300),
      validation: 100,
      filters: [8],
      hidden: [32],
      config: {
        optimizer: pick<RunConfigInput['optimizer']>(sgd, adam),
        learningRate: pick(0.5, 1, 2),
        batchSize: 16,
        epochs: 15,
      },
    },
    {
      label: 'unstable',
      table: 'mnist',
      train: pick(300, 500),
      validation: 200,
      filters: [8],
      hidden: [pick(16, 32)],
      config: { optimizer: adam, learningRate: pick(0.015, 0.02, 0.03), batchSize: pick(4, 8), epochs: 25 },
    },
    {
      label: 'unstable',
      table: pick('digits', 'iris'),
      train: pick(110, 115),
      validation: 35,
      hidden: [pick(32, 64), 32],
      config: {
        optimizer: { kind: 'sgd', momentum: 0.9 },
        learningRate: pick(0.1, 0.15, 0.2),
        batchSize: pick(4, 8),
        epochs: 40,
      },
    },
    {
      label: 'validation_easier',
      table: 'mnist',
      train: pick(900, 1200),
      validation: pick(300, 400),
      filters: [8, 16],
      hidden: [32],
      dropout: pick(0.5, 0.6),
      config: { optimizer: adam, learningRate: pick(0.001, 0.002), batchSize: 32, epochs: pick(10, 14) },
    },
    {
      label: 'validation_easier',
      table: 'mnist',
      train: pick(700, 900),
      validation: pick(300, 400),
      filters: [8, 16],
      hidden: [32],
      config: {
        optimizer: adam,
        learningRate: 0.002,
        batchSize: 32,
        epochs: pick(10, 12),
        augmentation: pick<NonNullable<RunConfigInput['augmentation']>>(
          { rotation: 40, translation: 0.2, zoom: 0.2 },
          { rotation: 20, mixup: 0.4 },
          { shear: 30, noise: 0.3, erasing: { probability: 0.7 } },
        ),
      },
    },
    {
      label: 'leak_or_noise',
      table: 'mnist',
      train: pick(900, 1200),
      validation: pick(300, 400),
      filters: [4],
      hidden: [16],
      labelNoise: pick(0.3, 0.4),
      config: { optimizer: adam, learningRate: pick(0.001, 0.002), batchSize: 32, epochs: pick(8, 12) },
    },
    {
      label: 'unclear',
      table: 'mnist',
      train: pick(200, 400),
      validation: pick(100, 200),
      filters: [8],
      hidden: [16],
      config: { optimizer: adam, learningRate: 0.001, batchSize: 32, epochs: pick(2, 3, 4) },
    },
  ];
}

type HeldPart = PartArrays & { x: ItemArray };

function parts(recipe: Recipe, random: () => number): { train: HeldPart; validation: HeldPart; task: TaskSpec } {
  const { x, y, input, task } = TABLES[recipe.table];
  const order = x.map((_, i) => i);
  for (let i = order.length - 1; i > 0; i--) {
    const j = random() % (i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  const validation = order.slice(0, recipe.validation);
  const train = order.slice(recipe.validation, recipe.validation + recipe.train);
  const scale = Array.from(x[0]!, (_, k) => {
    const values = train.map((i) => x[i]![k]!);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return { mean, std: Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length) || 1 };
  });
  const labels = new Map(order.map((i) => [i, y[i]!]));
  for (const i of train)
    if (random() / 2 ** 32 < (recipe.labelNoise ?? 0)) labels.set(i, y[order[random() % order.length]!]!);
  for (let k = 0; k < (recipe.leak ?? 0); k++) train.push(...validation);
  const of = (items: readonly number[]): HeldPart => ({
    x:
      input.kind === 'image'
        ? Uint8Array.from(items.flatMap((i) => [...x[i]!]))
        : Float32Array.from(items.flatMap((i) => Array.from(x[i]!, (v, k) => (v - scale[k]!.mean) / scale[k]!.std))),
    y: (task.kind === 'classification' ? Int32Array : Float32Array).from(items.map((i) => labels.get(i)!)),
    n: items.length,
  });
  return {
    train: of(train),
    validation: of(validation),
    task: task.kind === 'regression' ? regression(train.map((i) => y[i]!)) : task,
  };
}

const engine = await openEngine({ threads: 1, libDir: process.env.HOLDOUT_TENSORFLOW || undefined });
const rounds = Number(process.argv[2] ?? 9);
const kept: LabelledCurves[] = [];
const dropped: Record<string, number> = {};
const started = process.cpuUsage();
const count = recipes((first) => first).length;
for (let round = 0; round < rounds; round++) {
  for (let nth = 0; nth < count; nth++) {
    const seed = 1_000 * nth + round;
    const random = sfc32(seed, 7, 13);
    const recipe = recipes((...values) => values[random() % values.length]!)[nth]!;
    const { train, validation, task } = parts(recipe, random);
    const units = task.kind === 'classification' ? task.classes : 1;
    const config = runConfigSchema.parse({
      ...recipe.config,
      seed,
      model: {
        layers: [
          ...(recipe.filters ?? []).flatMap((filters) => [
            { type: 'conv2d', filters, kernelSize: 3, padding: 'same', activation: 'relu' },
            { type: 'max_pool2d' },
          ]),
          ...(recipe.filters ? [{ type: 'flatten' }] : []),
          ...recipe.hidden.flatMap((width) => [
            { type: 'dense', units: width, activation: 'relu' },
            ...(recipe.dropout ? [{ type: 'dropout', rate: recipe.dropout }] : []),
          ]),
          { type: 'dense', units },
        ],
      },
    });
    const { input } = TABLES[recipe.table];
    const augmentation =
      input.kind === 'image'
        ? planAugmentation(config.augmentation, { kind: 'image-classification', image: input, classes: [] }, input)
        : null;
    const fit = await engine.openFit({ ...fitSpecOf(config, input, task, train.y), augmentation }, train, validation);
    const state = newLoopState();
    const plan = planFit(config, task, train.n, train.y);
    const epochs: number[][] = [];
    const names = ['loss/train', 'loss/validation', `${plan.metric}/train`, `${plan.metric}/validation`];
    const ending = await fitLoop(
      fit,
      plan,
      state,
      [
        {
          onEpoch: () => {
            epochs.push(names.map((name) => state.metrics[name]!));
            return undefined;
          },
        },
        ...(config.earlyStopping ? [stopEarly(config.earlyStopping)] : []),
      ],
      () => false,
    );
    await fit.close();
    const column = (k: number) => epochs.map((e) => (Number.isFinite(e[k]) ? Number(e[k]!.toPrecision(4)) : null));
    const run: LabelledCurves = {
      label: recipe.label,
      half: round % 2 === 0 ? 'tuning' : 'held-out',
      made: `${recipe.table} ${train.n}/${validation.n}, ${recipe.filters ? `filters ${recipe.filters.join('+')}, ` : ''}hidden ${recipe.hidden.join('+') || 'none'}, ${config.optimizer.kind} ${config.learningRate}, batch ${config.batchSize}, seed ${seed}`,
      classes: task.kind === 'classification' ? task.classes : null,
      trainItems: train.n,
      validationItems: validation.n,
      dropout: recipe.dropout ?? 0,
      augmented: config.augmentation !== null,
      l2: config.l2,
      patience: config.earlyStopping?.patience ?? null,
      plannedEpochs: config.epochs,
      notANumber: ending?.reason === 'not_a_number',
      lossTrain: column(0),
      lossValidation: column(1),
      metricTrain: column(2),
      metricValidation: column(3),
    };
    if (ruleHolds(run)) kept.push(run);
    else dropped[recipe.label] = (dropped[recipe.label] ?? 0) + 1;
  }
  const { user, system } = process.cpuUsage(started);
  const by = Object.entries(Object.groupBy(kept, (k) => k.label)).map(([label, of]) => `${label} ${of!.length}`);
  console.log(
    `round ${round + 1}: ${((user + system) / 1e6).toFixed(0)} s of CPU; kept ${by.join(', ')}; left out ${JSON.stringify(dropped)}`,
  );
  writeFileSync('src/core/run/diagnosis/curves.jsonl', kept.map((run) => `${JSON.stringify(run)}\n`).join(''));
}
await engine.close();
process.exit(0);
