import { randomFillSync } from 'node:crypto';
import { mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { PLAIN_OBJECTIVE } from '#core/config/objective.ts';
import { epochOrder } from '#core/run/shuffle.ts';
import type { Fit, FitSpec, PartArrays } from '#engine/engine.ts';
import { openEngine } from '#engine/open-engine.ts';
import { median } from './support/median.ts';
import { BENCH_MODELS, type BenchModel } from './support/models.ts';

/**
 * What streaming costs: milliseconds a shuffled step with the train part in TensorFlow's memory and with the same part read
 * from its file, in turns in one process. Then a part of `--gigabytes` is trained on and the process's memory watched.
 *
 * node bench/streaming.ts --library /folder/of/libtensorflow --models cnn,small,photos --rounds 7 --threads 2 --gigabytes 4
 */
const { values: options } = parseArgs({
  options: {
    library: { type: 'string' },
    models: { type: 'string', default: 'cnn,small,photos' },
    rounds: { type: 'string', default: '7' },
    threads: { type: 'string', default: '2' },
    gigabytes: { type: 'string', default: '4' },
  },
});
const photos: BenchModel = { ...BENCH_MODELS.small!, input: { kind: 'image', height: 128, width: 128, channels: 3 } };
const MODELS: Record<string, BenchModel> = { ...BENCH_MODELS, photos };
const STEPS = 40;
const folder = mkdtempSync(path.join(tmpdir(), 'holdout-bench-'));
const engine = await openEngine({ libDir: options.library, threads: Number(options.threads) });
try {
  const rows = options.models.split(',').map((name) => [name, MODELS[name]!] as const);
  const table: Record<string, unknown> = {};
  for (const [name, model] of rows) table[name] = await compare(model);
  console.table(table);
  await watchMemory(MODELS.cnn!, Number(options.gigabytes) * 1e9);
} finally {
  rmSync(folder, { recursive: true });
}
process.exit(0);

function specOf({ model, input, task, batch }: BenchModel): FitSpec {
  const optimizer = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
  return { model, input, task, optimizer, ...PLAIN_OBJECTIVE, classWeights: null, batchSize: batch, seed: 0 };
}

function itemBytes({ input }: BenchModel): number {
  return input.kind === 'image' ? input.height * input.width * input.channels : 4 * input.features;
}

/** A part of random images in a file of its own; block by block, since it may be larger than memory. */
function filePart(model: BenchModel, n: number): PartArrays {
  const file = path.join(folder, `part-${n}-${itemBytes(model)}`);
  const descriptor = openSync(file, 'w');
  const block = randomFillSync(Buffer.alloc(Math.min(n, 1000) * itemBytes(model)));
  for (let at = 0; at < n; at += 1000) writeSync(descriptor, block, 0, Math.min(1000, n - at) * itemBytes(model));
  const { task } = model;
  const y =
    task.kind === 'classification'
      ? Int32Array.from({ length: n }, (_, i) => i % task.classes)
      : Float32Array.from({ length: n * task.targets }, (_, i) => i % 96);
  return { x: { file, begin: 0 }, y, n };
}

async function compare(model: BenchModel) {
  const n = Math.min(20_000, Math.floor(3e8 / itemBytes(model)));
  const streamed = filePart(model, n);
  const held: PartArrays = { ...streamed, x: randomFillSync(new Uint8Array(n * itemBytes(model))) };
  const spec = specOf(model);
  const fits = [await engine.openFit(spec, held, held), await engine.openFit(spec, streamed, streamed)];
  const times: number[][] = [[], []];
  const order = epochOrder(n, 0, 1);
  for (let round = 0; round <= Number(options.rounds); round++)
    for (const [i, fit] of fits.entries()) {
      const ms = await epoch(fit, order, model.batch, STEPS);
      if (round > 0) times[i]!.push(ms);
    }
  for (const fit of fits) await fit.close();
  const [inMemory, fromFile] = times.map((t) => median(t));
  return {
    'ms in memory': inMemory!.toFixed(2),
    'ms streamed': fromFile!.toFixed(2),
    'loss of speed': `${((fromFile! / inMemory! - 1) * 100).toFixed(1)} %`,
    'MB/s read': ((model.batch * itemBytes(model)) / fromFile! / 1e3).toFixed(0),
  };
}

/** ms a step, prefetched as the trainer's loop does. */
async function epoch(fit: Fit, order: Int32Array, size: number, steps: number): Promise<number> {
  const batches = Math.floor(order.length / size);
  const batch = (i: number) => order.subarray((i % batches) * size, ((i % batches) + 1) * size);
  fit.prefetch(batch(0));
  fit.prefetch(batch(1));
  const start = performance.now();
  for (let i = 0; i < steps; i++) {
    fit.prefetch(batch(i + 2));
    await fit.step(batch(i), 1e-3);
  }
  return (performance.now() - start) / steps;
}

async function watchMemory(model: BenchModel, bytes: number): Promise<void> {
  const n = Math.floor(bytes / itemBytes(model));
  const part = filePart(model, n);
  const fit = await engine.openFit(specOf(model), part, { ...filePart(model, 1000) });
  const order = epochOrder(n, 0, 1);
  console.log(`A part of ${(bytes / 1e9).toFixed(1)} GB, ${n} items:`);
  for (let block = 0; block < 5; block++) {
    const ms = await epoch(fit, order.subarray(Math.floor((block * n) / 5)), model.batch, 400);
    const megabytes = process.memoryUsage().rss / 1e6;
    console.log(`  after ${400 * (block + 1)} steps: ${megabytes.toFixed(0)} MB resident, ${ms.toFixed(2)} ms a step`);
  }
  await fit.close();
}
