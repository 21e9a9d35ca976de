import { defaultConfig } from '#core/config/presets.ts';
import { runConfigSchema } from '#core/config/run-config.ts';
import { datasetSchema, inputOf, taskOf } from '#core/data/dataset-schema.ts';
import type { Phase } from '#core/run/phases.ts';
import { claimRun } from '#db/runs/queue.ts';
import type { Fit } from '#engine/engine.ts';
import { problemOf } from '#engine/model/problem.ts';
import { preparePart } from '#engine/part.ts';
import { CompiledFit } from '#engine/tensorflow/compiled-fit.ts';
import { fusedOps } from '#engine/tensorflow/fused-ops.ts';
import { findLibrary } from '#engine/tensorflow/library.ts';
import { sharedRuntime } from '#engine/tensorflow/runtime.ts';
import { tf } from '#engine/tfjs.ts';
import { env } from '#env';
import { launchRun } from '#server/runs/launch-run.ts';
import type { Callback } from '#trainer/fit/callback.ts';
import { fitSpecOf } from '#trainer/fit/fit-spec.ts';
import { fitLoop } from '#trainer/fit/loop.ts';
import { newLoopState } from '#trainer/fit/loop-state.ts';
import { PhaseClock } from '#trainer/fit/phases.ts';
import { planFit } from '#trainer/fit/plan.ts';
import { loadRun } from '#trainer/load-run.ts';
import { RunWriter } from '#trainer/run-writer.ts';
import { loggers } from '#trainer/train.ts';
import { median, spread } from './support/median.ts';
import { startProduct } from './support/product.ts';

/**
 * What logging costs in all: epochs with everything that a run logs by itself, beside the same epochs without any of it, the
 * norm of the gradients left out of the step as well. In turns, one process. CPU seconds of the process beside wall time, since
 * the machine's other work shows in the latter. Then 5,000 logged steps, and the memory that they leave behind.
 */

/** A round differs from the next by more than what is measured: many, each way first as often as the others. */
const ROUNDS = 21;
const CASES = [{ file: 'samples/mnist-5000.zip', name: 'small CNN, batch 64', epochs: 12, batchSize: 64 }];
const MEMORY_STEPS = 5_000;

/** A clock that remembers what was taken from it. */
class Totals extends PhaseClock {
  readonly #taken: Record<string, number> = {};

  override take() {
    const seconds = super.take();
    for (const [phase, more] of Object.entries(seconds)) this.#taken[phase] = (this.#taken[phase] ?? 0) + more;
    return seconds;
  }

  share(phase: Phase): number {
    return this.#taken[phase]! / Object.values(this.#taken).reduce((a, b) => a + b, 0);
  }
}

const product = await startProduct({ trainer: false });
try {
  const { db, blobs, actor } = product;
  const trainer = await db.prisma.trainer.create({
    data: { name: 'bench', host: 'bench', pid: process.pid, device: 'cpu:0', engine: 'tensorflow' },
  });
  const runtime = sharedRuntime(findLibrary(env().HOLDOUT_TENSORFLOW), 2);
  for (const { file, name, epochs, batchSize } of CASES) {
    const projectId = await product.seal(file);
    const { schema: stored, nTrain } = await db.prisma.dataset.findFirstOrThrow({ where: { projectId } });
    const schema = datasetSchema.parse(stored);
    const [input, task] = [inputOf(schema), taskOf(schema)];
    const config = runConfigSchema.parse({ ...defaultConfig(input, task, nTrain!), epochs, batchSize });
    await launchRun(db, actor, { projectId, config });
    const held = (await claimRun(db.pool, trainer.id))!;
    const run = await loadRun(db.pool, blobs, held.runId, 8e9);
    const spec = fitSpecOf(config, input, task, run.train.y);
    const parts = {
      train: preparePart('train', run.train, input, task),
      validation: preparePart('validation', run.validation, input, task),
    };
    const ops = fusedOps(runtime);
    const bare = await CompiledFit.open(runtime, problemOf({ ...ops, norm: () => tf.scalar(0) }, spec), spec, parts);
    const whole = await CompiledFit.open(runtime, problemOf(ops, spec), spec, parts);
    const plan = planFit(config, task, run.train.n);
    const newWriter = () =>
      new RunWriter(db.pool, held, (error) => {
        throw error;
      });

    const measure = async (fit: Fit, callbacks: Callback[], clock?: PhaseClock) => {
      const cpu = process.cpuUsage();
      const wall = performance.now();
      await fitLoop(fit, plan, newLoopState(), callbacks, () => false, clock);
      const { user, system } = process.cpuUsage(cpu);
      return { cpu: (user + system) / 1e3 / plan.totalSteps, wall: (performance.now() - wall) / plan.totalSteps };
    };
    const logged = async () => {
      const writer = newWriter();
      const clock = new Totals();
      const taken = await measure(whole, loggers(whole, plan, writer, clock), clock);
      await writer.flush();
      writer.close();
      shares.push(clock.share('log'));
      return taken;
    };
    const shares: number[] = [];
    const ways = [() => measure(bare, []), () => measure(whole, []), logged];
    const taken: Awaited<ReturnType<typeof measure>>[][] = [[], [], []];
    for (const way of ways) await way();
    for (let round = 0; round < ROUNDS; round++)
      for (let turn = 0; turn < ways.length; turn++) {
        const way = (round + turn) % ways.length;
        taken[way]!.push(await ways[way]!());
      }
    console.log(name);
    for (const kind of ['cpu', 'wall'] as const) {
      const [a, b, c] = taken.map((runs) => runs.map((m) => m[kind])) as [number[], number[], number[]];
      // Round by round: what else the machine did then slows both.
      const more = (than: number[]) => `${(100 * median(than.map((v, i) => v / a[i]! - 1))).toFixed(1)} %`;
      console.log(
        `  ${kind.padEnd(5)} ms a step: ${median(a).toFixed(3)} without (${spread(a, 3)}), ${median(b).toFixed(3)} with the gradients' norm (${spread(b, 3)}): ${more(b)}, ${median(c).toFixed(3)} logged (${spread(c, 3)}): ${more(c)}`,
      );
    }
    const share = (value: number) => 100 * value;
    console.log(
      `  waiting for logging: ${share(median(shares)).toFixed(1)} % of a run (${spread(shares.map(share), 1)})`,
    );
    await memory(whole, plan, newWriter());
    await db.prisma.run.update({
      where: { id: held.runId },
      data: { state: 'finished', leaseUntil: null, endedAt: new Date() },
    });
    await bare.close();
    await whole.close();
  }
} finally {
  await product.close();
}
process.exit(0);

/** Resident memory after a thousand steps, when everything that is kept is there, and 5,000 steps later. */
async function memory(fit: Fit, plan: ReturnType<typeof planFit>, writer: RunWriter): Promise<void> {
  const state = newLoopState();
  const clock = new PhaseClock();
  const long = { ...plan, config: { ...plan.config, epochs: 100_000 }, totalSteps: 2 ** 30 };
  const run = (until: number) =>
    fitLoop(fit, long, state, loggers(fit, long, writer, clock), () => state.step >= until, clock);
  const rss = () => process.memoryUsage.rss() / 1e6;
  await run(1_000);
  const before = rss();
  await run(1_000 + MEMORY_STEPS);
  await writer.flush();
  writer.close();
  console.log(`  ${MEMORY_STEPS} logged steps: ${before.toFixed(0)} MB before, ${rss().toFixed(0)} MB after`);
}
