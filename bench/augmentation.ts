import { planAugmentation } from '#core/augmentation/plan.ts';
import { augmentationSchema } from '#core/augmentation/spec.ts';
import { keypointModel, presetsFor } from '#core/config/presets.ts';
import { runConfigSchema } from '#core/config/run-config.ts';
import { packKeyOf } from '#core/data/blob-keys.ts';
import { datasetSchema, inputOf, taskOf } from '#core/data/dataset-schema.ts';
import { decodePack } from '#core/data/pack.ts';
import { epochOrder } from '#core/run/shuffle.ts';
import type { Fit, PartArrays } from '#engine/engine.ts';
import { openEngine } from '#engine/open-engine.ts';
import { fitSpecOf } from '#trainer/fit/fit-spec.ts';
import { median, spread } from './support/median.ts';
import { startProduct } from './support/product.ts';

/**
 * What augmentation costs and what it brings, on the samples: ms a step with and without it, in turns, and the loss on
 * training and validation items of a small CNN that is trained on few digits, both measured on items as they are.
 *
 * node bench/augmentation.ts
 */
const ITEMS = 300;
const EPOCHS = 60;
const SEEDS = [1, 2, 3];
const ROUNDS = 9;
const BATCH = 32;
const SMALL = { rotation: 10, translation: 0.1, zoom: 0.1 };
const ALL = {
  ...SMALL,
  horizontalFlip: true,
  shear: 5,
  cropPadding: 2,
  brightness: 0.1,
  contrast: 0.1,
  noise: 0.02,
  erasing: { probability: 0.5, area: 0.1 },
  mixup: 0.2,
};

type Sample = Awaited<ReturnType<typeof load>>;
const product = await startProduct({ trainer: false });
const engine = await openEngine({ threads: 2 });
try {
  const digits = await load('mnist-5000.zip');
  await gap(digits);
  await cost(digits, 'digits', 64, 40);
  await cost(await load('faces-keypoints.zip'), 'faces', 32, 6);
} finally {
  await product.close();
}

/** ms a step, wall and processor, with and without, in turns. */
async function cost({ train, spec, planOf }: Sample, name: string, batchSize: number, steps: number): Promise<void> {
  const ways = { without: null, 'rotation, translation, zoom': planOf(SMALL), 'eleven at once': planOf(ALL) };
  const fits: { way: string; fit: Fit; wall: number[]; processor: number[] }[] = [];
  for (const [way, augmentation] of Object.entries(ways)) {
    const fit = await engine.openFit({ ...spec, batchSize, seed: 1, augmentation }, train, train);
    fits.push({ way, fit, wall: [], processor: [] });
  }
  for (let round = 0; round <= ROUNDS; round++)
    for (const { fit, wall, processor } of fits) {
      const start = performance.now();
      const before = process.cpuUsage();
      for (let i = 0; i < steps; i++) await fit.step(epochOrder(train.n, 1, i).subarray(0, batchSize), 1e-3);
      const { user, system } = process.cpuUsage(before);
      if (round === 0) continue;
      wall.push((performance.now() - start) / steps);
      processor.push((user + system) / 1000 / steps);
    }
  for (const { way, fit, wall, processor } of fits) {
    console.log(
      `${name}, batch ${batchSize}, ${way}: ${median(wall).toFixed(2)} ms a step (${spread(wall, 2)}), ` +
        `processor ${median(processor).toFixed(2)} ms (${spread(processor, 2)}), ${fit.mode.kind}`,
    );
    await fit.close();
  }
}

/** Loss and accuracy after training on few items, both parts as they are. */
async function gap({ train, validation, spec, planOf }: Sample): Promise<void> {
  const few: PartArrays = {
    x: (train.x as Uint8Array).subarray(0, ITEMS * 784),
    y: train.y.subarray(0, ITEMS),
    n: ITEMS,
  };
  const ways = { without: null, 'rotation, translation, zoom': planOf(SMALL) };
  for (const [way, augmentation] of Object.entries(ways))
    for (const seed of SEEDS) {
      const fit = await engine.openFit({ ...spec, batchSize: BATCH, seed, augmentation }, few, validation);
      for (let epoch = 0; epoch < EPOCHS; epoch++) {
        const order = epochOrder(ITEMS, seed, epoch);
        for (let at = 0; at < ITEMS; at += BATCH) await fit.step(order.slice(at, at + BATCH), 1e-3);
      }
      const [seen, unseen] = [await fit.evaluate('train'), await fit.evaluate('validation')];
      console.log(
        `${ITEMS} digits, ${EPOCHS} epochs, ${way}, seed ${seed}: loss ${seen.loss.toFixed(3)} train, ${unseen.loss.toFixed(3)} validation, ` +
          `gap ${(unseen.loss - seen.loss).toFixed(3)}; accuracy ${(seen.metricSum / seen.count).toFixed(3)} train, ${(unseen.metricSum / unseen.count).toFixed(3)} validation`,
      );
      await fit.close();
    }
}

async function load(file: string) {
  const projectId = await product.seal(`samples/${file}`);
  const dataset = await product.db.prisma.dataset.findFirstOrThrow({ where: { projectId } });
  const schema = datasetSchema.parse(dataset.schema);
  const part = async (name: 'train' | 'validation') => {
    const key = packKeyOf(dataset.id, name);
    const { bytes } = (await product.blobs.stat(key))!;
    return decodePack(await product.blobs.range(key, 0, bytes), schema, name);
  };
  const [input, task] = [inputOf(schema), taskOf(schema)];
  const model =
    schema.kind === 'image-keypoints'
      ? keypointModel(schema.targets.length)
      : presetsFor(input, task).find(({ id }) => id === 'small_cnn')!.model;
  const train = await part('train');
  const config = runConfigSchema.parse({
    model,
    optimizer: { kind: 'adam' },
    learningRate: 1e-3,
    batchSize: BATCH,
    epochs: EPOCHS,
  });
  return {
    train,
    validation: await part('validation'),
    spec: fitSpecOf(config, input, task, train.y),
    planOf: (amounts: object) => planAugmentation(augmentationSchema.parse(amounts), schema, input),
  };
}
