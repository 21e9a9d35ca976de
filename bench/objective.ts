import { parseArgs } from 'node:util';
import { PLAIN_OBJECTIVE } from '#core/config/objective.ts';
import type { Fit, FitSpec, PartArrays } from '#engine/engine.ts';
import { openEngine } from '#engine/open-engine.ts';
import { median } from './support/median.ts';
import { BENCH_MODELS } from './support/models.ts';

/**
 * What each option of loss and update costs: processor time a batch, which a busy machine stretches less than wall time.
 * All take turns; medians. node bench/objective.ts --model cnn --rounds 9
 */
const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: 'cnn' },
    rounds: { type: 'string', default: '9' },
    library: { type: 'string' },
  },
});
const ITEMS = 512;
const BATCHES = 60;

const { model, input, task, batch } = BENCH_MODELS[options.model]!;
if (input.kind !== 'image' || task.kind !== 'classification') throw new Error('Take a model of images with classes.');
const { classes } = task;
const width = input.height * input.width * input.channels;
const part: PartArrays = {
  x: Uint8Array.from({ length: ITEMS * width }, (_, i) => (i * 7919) % 256),
  y: Int32Array.from({ length: ITEMS }, (_, i) => i % classes),
  n: ITEMS,
};
const optimizer = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
const plain: FitSpec = {
  ...PLAIN_OBJECTIVE,
  classWeights: null,
  model,
  input,
  task,
  optimizer,
  batchSize: batch,
  seed: 0,
};
const CASES: Record<string, Partial<FitSpec>> = {
  plain: {},
  'label smoothing': { loss: { kind: 'cross_entropy', labelSmoothing: 0.1 } },
  'class weights': { classWeights: Array(classes).fill(1.5) },
  'L1 and L2': { l1: 1e-5, l2: 1e-5 },
  'clipping by norm': { gradientClipping: { kind: 'norm', limit: 1 } },
  'average of the weights': { ema: { decay: 0.999 } },
  'two batches an update': { accumulate: 2 },
};

const engine = await openEngine({ threads: 2, libDir: options.library });
const competitors: { name: string; fit: Fit; accumulate: number; times: number[] }[] = [];
for (const [name, change] of Object.entries(CASES)) {
  const spec = { ...plain, ...change };
  competitors.push({ name, fit: await engine.openFit(spec, part, part), accumulate: spec.accumulate, times: [] });
}
let at = 0;
const step = ({ fit, accumulate }: (typeof competitors)[number]) =>
  fit.step(
    Int32Array.from({ length: batch * accumulate }, () => at++ % ITEMS),
    1e-3,
  );
for (const one of competitors) for (let i = 0; i < 3; i++) await step(one);
for (let round = 0; round < Number(options.rounds); round++)
  for (const one of competitors) {
    const start = process.cpuUsage();
    for (let i = 0; i < BATCHES / one.accumulate; i++) await step(one);
    const { user, system } = process.cpuUsage(start);
    one.times.push((user + system) / 1e3 / BATCHES);
  }
console.table(
  Object.fromEntries(
    competitors.map(({ name, fit, times }) => [
      name,
      { mode: fit.mode.kind, 'CPU ms a batch': median(times).toFixed(2) },
    ]),
  ),
);
process.exit(0);
