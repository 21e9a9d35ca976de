import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PLAIN_OBJECTIVE } from '#core/config/objective.ts';
import { type DatasetSchema, inputOf, taskOf } from '#core/data/dataset-schema.ts';
import { type Pack, packLayout } from '#core/data/pack.ts';
import { encodeSafetensors, type SafeTensor } from '#core/format/safetensors.ts';
import type { ModelSpec } from '#core/model/spec.ts';
import { canonicalJson } from '#core/seal/canonical.ts';
import { openBlobs } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { finishedRun, type SealedOptions, sealedProject } from '#db/testing/sealed-project.ts';
import type { Engine } from '#engine/engine.ts';
import { openRefereeKey } from '../../seal/referee-key.ts';
import { sealPart } from '../../seal/seal-part.ts';

/** Iris, split, trained for real and sealed: a project as it stands before its opening. */

const CLASSES = ['setosa', 'versicolor', 'virginica'];
const MODEL: ModelSpec = {
  layers: [
    { type: 'dense', name: 'hidden', units: 16, activation: 'relu', bias: true },
    { type: 'dense', name: 'out', units: 3, activation: 'linear', bias: true },
  ],
};
const CONFIG = { model: MODEL, optimizer: { kind: 'adam' }, learningRate: 0.02, batchSize: 16, epochs: 30 };
const SCHEMA: DatasetSchema = {
  kind: 'tabular-classification',
  columns: ['a', 'b', 'c', 'd'].map((name) => ({ type: 'numeric', name, mean: 0, std: 1, missing: false })),
  features: 4,
  target: 'species',
  classes: CLASSES,
};

async function rows(): Promise<{ x: number[]; y: number }[]> {
  const csv = await readFile(path.join(import.meta.dirname, '../../../../samples/iris.csv'), 'utf8');
  const lines = csv
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','));
  return lines.map((cells) => ({ x: cells.slice(0, 4).map((v) => Number(v) - 3), y: CLASSES.indexOf(cells[4]!) }));
}

function packOf(items: { x: number[]; y: number }[]): Pack {
  return {
    x: Float32Array.from(items.flatMap((i) => i.x)),
    y: Int32Array.from(items.map((i) => i.y)),
    n: items.length,
  };
}

function encodePack(pack: Pack): Uint8Array {
  const layout = packLayout(SCHEMA, pack.n);
  const x = pack.x as Float32Array;
  const lines = Array.from({ length: pack.n }, (_, i) => {
    const values = Array.from(x.subarray(4 * i, 4 * i + 4), (v) => Number(v.toFixed(1)));
    return `${JSON.stringify({ name: `row ${i}`, label: CLASSES[pack.y[i]!], values })}\n`;
  });
  const items = new Uint8Array(Buffer.from(lines.join('')));
  return encodeSafetensors(
    new Map<string, SafeTensor>([
      ['x', { ...layout.x, data: pack.x }],
      ['y', { ...layout.y, data: pack.y }],
      ['items', { dtype: 'uint8', shape: [items.length], data: items }],
    ]),
  );
}

/** Weights of a short training, as a file, and the parts. */
export async function trainedIris(engine: Engine) {
  const all = await rows();
  const part = (keep: (i: number) => boolean) => packOf(all.filter((_, i) => keep(i % 5)));
  const [train, validation, test] = [part((i) => i < 3), part((i) => i === 3), part((i) => i === 4)];
  const fit = await engine.openFit(
    {
      model: MODEL,
      input: inputOf(SCHEMA),
      task: taskOf(SCHEMA),
      optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      ...PLAIN_OBJECTIVE,
      classWeights: null,
      batchSize: 16,
      seed: 1,
    },
    train,
    validation,
  );
  for (let step = 0; step < 300; step++)
    await fit.step(
      Int32Array.from({ length: 16 }, (_, i) => (step * 16 + i * 7) % train.n),
      0.02,
    );
  const weights = encodeSafetensors(await fit.weights());
  await fit.close();
  return { train, test, testPack: encodePack(test), weights };
}

/** A project whose test part is sealed by this data folder's referee, with one finished run. */
export async function sealedIris(
  db: Db,
  dataDir: string,
  iris: Awaited<ReturnType<typeof trainedIris>>,
  options: Pick<SealedOptions, 'splitDigest' | 'validationKey'> = {},
) {
  const blobs = openBlobs(dataDir);
  const datasetId = crypto.randomUUID();
  const trainKey = `packs/${datasetId}/train.safetensors`;
  await blobs.put(trainKey, encodePack(iris.train));
  const key = await openRefereeKey(dataDir, true);
  const sealedPart = await sealPart(
    blobs,
    key,
    datasetId,
    (async function* () {
      yield encodePack(iris.test);
    })(),
  );
  const world = await sealedProject(db, {
    datasetId,
    schema: SCHEMA,
    n: iris.test.n,
    trainKey,
    sealedPart,
    ...options,
  });
  const projectId = world.project.id;
  const digest = createHash('sha256').update(iris.weights).digest('hex');
  const weightsKey = `runs/${crypto.randomUUID()}/best.safetensors`;
  await blobs.put(weightsKey, iris.weights);
  const run = await finishedRun(db, { projectId, datasetId }, { weightsKey, digest }, CONFIG);
  return { ...world, run, projectId, digest, weightsKey, blobs, sealedFile: blobs.file(sealedPart.blobKey) };
}

/** As sealedIris, and the run is committed as final. */
export async function committedIris(
  db: Db,
  dataDir: string,
  iris: Awaited<ReturnType<typeof trainedIris>>,
  options: Pick<SealedOptions, 'splitDigest' | 'validationKey'> = {},
) {
  const world = await sealedIris(db, dataDir, iris, options);
  const { projectId, run, digest, weightsKey, blobs } = world;
  await db.prisma.opening.create({
    data: {
      projectId,
      runId: run.id,
      weightsDigest: digest,
      weightsKey,
      configDigest: createHash('sha256').update(canonicalJson(run.config)).digest('hex'),
      epoch: 3,
      validation: 0.9,
      n: iris.test.n,
      committedById: world.student.id,
    },
  });
  return { ...world, weightsFile: blobs.file(weightsKey) };
}
