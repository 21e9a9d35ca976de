import { keypointModel, presetsFor } from '#core/config/presets.ts';
import { runConfigSchema } from '#core/config/run-config.ts';
import { packKeyOf } from '#core/data/blob-keys.ts';
import { datasetSchema, inputOf } from '#core/data/dataset-schema.ts';
import { decodePack } from '#core/data/pack.ts';
import { freeze, layersUpTo } from '#core/model/freeze.ts';
import { planModel } from '#core/model/plan.ts';
import type { InputSpec, ModelSpec, TaskSpec } from '#core/model/spec.ts';
import { epochOrder } from '#core/run/shuffle.ts';
import type { Fit, FitSpec, PartArrays, TensorMap } from '#engine/engine.ts';
import { openEngine } from '#engine/open-engine.ts';
import { fitSpecOf } from '#trainer/fit/fit-spec.ts';
import { StagedFit } from '#trainer/fit/staged-fit.ts';
import { median, spread } from './support/median.ts';
import { startProduct } from './support/product.ts';

/**
 * What transfer brings: a small CNN learns the digits 0 to 4, then 5 to 9 of few items, from scratch and from those weights.
 * And what computing the features of a frozen base once saves, in turns, the same numbers coming out.
 *
 * node bench/transfer.ts
 */
const ITEMS = 100;
const EPOCHS = 30;
const SECOND_AT = 10;
const BATCH = 20;
const GOAL = 0.9;
const SEEDS = [1, 2, 3, 4, 5];
const ROUNDS = 7;
const FIVE: TaskSpec = { kind: 'classification', classes: 5 };

const product = await startProduct({ trainer: false });
const engine = await openEngine({ threads: 2 });
try {
  const { input, train, validation } = await digits();
  const model = presetsFor(input, FIVE).find(({ id }) => id === 'small_cnn')!.model;
  const last = planModel(model, input).at(-2)!.name;
  const weights = await trained(model, input, of(train, [0, 5]), of(validation, [0, 5]));
  const few = of(train, [5, 10], ITEMS);
  const unseen = of(validation, [5, 10]);
  const plan = planModel(model, input);
  const taken = (upTo: string) => {
    const layers = new Set(layersUpTo(plan, upTo));
    return new Map([...weights].filter(([name]) => layers.has(name.slice(0, name.lastIndexOf('/')))));
  };
  const [all, images] = [{ initial: taken(last) }, { initial: taken('flatten') }];
  const [frozen, frozenImages] = [layersUpTo(plan, last), layersUpTo(plan, 'flatten')];
  const secondAt = SECOND_AT * (ITEMS / BATCH);
  const ways: Record<string, (open: Open) => Promise<Fit>> = {
    'from scratch': (open) => open({}),
    [`taken over up to ${last}, nothing frozen`]: (open) => open(all),
    [`taken over up to ${last}, frozen up to there`]: (open) => open({ ...all, frozen }),
    [`taken over up to ${last}, frozen up to flatten`]: (open) => open({ ...all, frozen: frozenImages }),
    'taken over up to flatten, frozen up to there': (open) => open({ ...images, frozen: frozenImages }),
    [`taken over up to ${last}, frozen up to flatten until epoch ${SECOND_AT}`]: (open) =>
      StagedFit.open(open, { ...all, frozen: frozenImages }, secondAt),
  };
  for (const [way, start] of Object.entries(ways)) await learn(way, model, input, few, unseen, start);
  const some = of(train, [0, 5]);
  await cost(`small CNN, ${some.n} digits`, specOf(model, input, FIVE, 64), freezeTo(model, input, last), some);
  const faces: InputSpec = { kind: 'image', height: 96, width: 96, channels: 1 };
  const points = keypointModel(30);
  const task: TaskSpec = {
    kind: 'regression',
    targets: 30,
    offset: Array(30).fill(0),
    scale: Array(30).fill(1),
    unit: '',
  };
  const n = 512;
  const pixels = { x: new Uint8Array(n * 96 * 96).fill(90), y: new Float32Array(n * 30).fill(0.5), n };
  await cost(
    'keypoint network, 512 faces',
    specOf(points, faces, task, 128),
    freezeTo(points, faces, 'flatten'),
    pixels,
  );
} finally {
  await product.close();
}

type Open = (stage: Partial<FitSpec>) => Promise<Fit>;

function specOf(model: ModelSpec, input: InputSpec, task: TaskSpec, batchSize: number): FitSpec {
  const settings = { model, optimizer: { kind: 'adam' as const }, learningRate: 1e-3, batchSize, epochs: EPOCHS };
  return fitSpecOf(runConfigSchema.parse(settings), input, task, new Int32Array());
}

function freezeTo(model: ModelSpec, input: InputSpec, name: string): string[] {
  const plan = planModel(model, input);
  return freeze(plan, layersUpTo(plan, name)).flatMap((layer) => (layer.frozen ? [layer.name] : []));
}

async function epoch(
  fit: Fit,
  n: number,
  batchSize: number,
  seed: number,
  number: number,
  rate: number,
): Promise<void> {
  const order = epochOrder(n, seed, number);
  for (let at = 0; at < n; at += batchSize) await fit.step(order.subarray(at, at + batchSize), rate);
}

async function trained(
  model: ModelSpec,
  input: InputSpec,
  train: PartArrays,
  validation: PartArrays,
): Promise<TensorMap> {
  const fit = await engine.openFit(specOf(model, input, FIVE, 64), train, validation);
  for (let i = 1; i <= 8; i++) await epoch(fit, train.n, 64, 1, i, 1e-3);
  const { metricSum, count } = await fit.evaluate('validation');
  console.log(
    `source: digits 0 to 4, ${train.n} items, 8 epochs, validation accuracy ${(metricSum / count).toFixed(3)}`,
  );
  const weights = await fit.weights();
  await fit.close();
  return weights;
}

async function learn(
  way: string,
  model: ModelSpec,
  input: InputSpec,
  few: PartArrays,
  unseen: PartArrays,
  start: (open: Open) => Promise<Fit>,
): Promise<void> {
  const reached: number[] = [];
  const best: number[] = [];
  for (const seed of SEEDS) {
    const spec = { ...specOf(model, input, FIVE, BATCH), seed };
    const fit = await start((stage) => engine.openFit({ ...spec, ...stage }, few, unseen));
    const curve: number[] = [];
    for (let i = 1; i <= EPOCHS; i++) {
      await epoch(fit, few.n, BATCH, seed, i, i > SECOND_AT && way.includes('until epoch') ? 3e-4 : 1e-3);
      const { metricSum, count } = await fit.evaluate('validation');
      curve.push(metricSum / count);
    }
    const at = curve.findIndex((accuracy) => accuracy >= GOAL);
    reached.push(at < 0 ? Number.POSITIVE_INFINITY : at + 1);
    best.push(Math.max(...curve));
    await fit.close();
  }
  const epochs = (v: number) => (Number.isFinite(v) ? String(v) : `not in ${EPOCHS}`);
  console.log(
    `${ITEMS} digits 5 to 9, ${way}: ${GOAL} after ${epochs(median(reached))} epochs (${reached.map(epochs).join(', ')}), ` +
      `best ${median(best).toFixed(3)} (${spread(best, 3)})`,
  );
}

/** ms a step with features computed once and anew, in turns; opening, with its computation of features, apart. */
async function cost(name: string, spec: FitSpec, frozen: string[], train: PartArrays): Promise<void> {
  const fits: { way: string; fit: Fit; opened: number; times: number[] }[] = [];
  for (const featureBytes of [2 ** 30, 0]) {
    const start = performance.now();
    const fit = await engine.openFit({ ...spec, frozen, featureBytes }, train, train);
    const way = featureBytes > 0 ? 'features once' : 'features anew';
    fits.push({ way, fit, opened: performance.now() - start, times: [] });
  }
  for (let round = 0; round <= ROUNDS; round++)
    for (const { fit, times } of fits) {
      const start = performance.now();
      await epoch(fit, train.n, spec.batchSize, 1, round, 1e-3);
      if (round > 0) times.push((performance.now() - start) / Math.ceil(train.n / spec.batchSize));
    }
  for (const { way, fit, opened, times } of fits) {
    console.log(
      `${name}, ${way}: ${median(times).toFixed(2)} ms a step (${spread(times, 2)}), opened in ${(opened / 1000).toFixed(1)} s, ${fit.mode.kind}`,
    );
    await fit.close();
  }
}

/** Items whose class is in [from, to), its number counted from there; at most `most`, as they come. */
function of({ x, y, n }: PartArrays, [from, to]: [number, number], most = n): PartArrays {
  const kept = Array.from({ length: n }, (_, i) => i)
    .filter((i) => y[i]! >= from && y[i]! < to)
    .slice(0, most);
  const size = (x as Uint8Array).length / n;
  const rows = new Uint8Array(kept.length * size);
  kept.forEach((i, at) => {
    rows.set((x as Uint8Array).subarray(i * size, (i + 1) * size), at * size);
  });
  return { x: rows, y: Int32Array.from(kept, (i) => y[i]! - from), n: kept.length };
}

async function digits() {
  const projectId = await product.seal('samples/mnist-5000.zip');
  const dataset = await product.db.prisma.dataset.findFirstOrThrow({ where: { projectId } });
  const schema = datasetSchema.parse(dataset.schema);
  const part = async (name: 'train' | 'validation') => {
    const key = packKeyOf(dataset.id, name);
    const { bytes } = (await product.blobs.stat(key))!;
    return decodePack(await product.blobs.range(key, 0, bytes), schema, name);
  };
  return { input: inputOf(schema), train: await part('train'), validation: await part('validation') };
}
