import { parseArgs } from 'node:util';
import { PLAIN_OBJECTIVE } from '#core/config/objective.ts';
import { openEngine } from '#engine/open-engine.ts';
import { BENCH_MODELS } from './support/models.ts';

/**
 * Whether JavaScript stays free while TensorFlow computes: a timer of 100 ms beside steps of the keypoint network at batch 128,
 * its validation, and a copy of its whole state. Prints by how much its worst beat came late.
 *
 * node bench/heartbeat.ts --library /folder/of/libtensorflow --steps 20 --threads 2
 */
const { values: options } = parseArgs({
  options: {
    library: { type: 'string' },
    steps: { type: 'string', default: '20' },
    threads: { type: 'string', default: '2' },
  },
});
const BEAT_MS = 100;
const { model, input, task, batch } = BENCH_MODELS.keypoint!;
if (input.kind !== 'image' || task.kind !== 'regression') throw new Error('The keypoint network reads images');
const n = 4 * batch;
const x = Uint8Array.from({ length: n * input.height * input.width }, (_, i) => (i * 7919) % 256);
const part = { x, y: Float32Array.from({ length: n * task.targets }, (_, i) => i % 96), n };
const engine = await openEngine({ libDir: options.library, threads: Number(options.threads) });
const optimizer = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
const spec = { model, input, task, optimizer, ...PLAIN_OBJECTIVE, classWeights: null, batchSize: batch, seed: 0 };
const fit = await engine.openFit(spec, part, part);

const late: Record<string, { beats: number; worst: number }> = {};
let phase = 'steps';
let due = performance.now() + BEAT_MS;
const timer = setInterval(() => {
  const now = performance.now();
  const { beats, worst } = late[phase] ?? { beats: 0, worst: 0 };
  late[phase] = { beats: beats + 1, worst: Math.max(worst, now - due) };
  due = now + BEAT_MS;
}, BEAT_MS);
const indices = Int32Array.from({ length: batch }, (_, i) => i);
const start = performance.now();
for (let step = 0; step < Number(options.steps); step++) await fit.step(indices, 1e-3);
const ms = (performance.now() - start) / Number(options.steps);
phase = 'validation';
await fit.evaluate('validation');
phase = 'copy of the state';
for (let i = 0; i < 5; i++) await fit.state();
clearInterval(timer);
await fit.close();
console.log(`keypoint network, batch ${batch}, ${ms.toFixed(0)} ms a step, ${options.threads} threads`);
console.table(
  Object.fromEntries(
    Object.entries(late).map(([name, { beats, worst }]) => [name, { beats, 'latest by (ms)': worst.toFixed(0) }]),
  ),
);
process.exit(0);
