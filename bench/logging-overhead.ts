import { presetsFor } from '#core/config/presets.ts';
import { runConfigSchema } from '#core/config/run-config.ts';
import { datasetSchema, inputOf, taskOf } from '#core/data/dataset-schema.ts';
import { claimRun } from '#db/runs/queue.ts';
import { openEngine } from '#engine/open-engine.ts';
import { env } from '#env';
import { launchRun } from '#server/runs/launch-run.ts';
import type { Callback } from '#trainer/fit/callback.ts';
import { logPoints } from '#trainer/fit/log-points.ts';
import { logThroughput } from '#trainer/fit/log-throughput.ts';
import { fitLoop } from '#trainer/fit/loop.ts';
import { newLoopState } from '#trainer/fit/loop-state.ts';
import { planFit } from '#trainer/fit/plan.ts';
import { loadRun } from '#trainer/load-run.ts';
import { RunWriter } from '#trainer/run-writer.ts';
import { fitSpecOf } from '../src/trainer/fit/fit-spec.ts';
import { median, spread } from './median.ts';
import { startProduct } from './support/product.ts';

/**
 * What logging every step costs: epochs of the small CNN on the digits with and without it, in turns, one process, one engine.
 * CPU seconds of the process beside wall time, since the machine's other work shows in the latter.
 */

const ROUNDS = 9;
const product = await startProduct({ trainer: false });
try {
  const { db, blobs, actor } = product;
  const projectId = await product.seal('samples/mnist-5000.zip');
  const { schema: stored } = await db.prisma.dataset.findFirstOrThrow({ where: { projectId } });
  const schema = datasetSchema.parse(stored);
  const [input, task] = [inputOf(schema), taskOf(schema)];
  const { model } = presetsFor(input, task).find((p) => p.id === 'small_cnn')!;
  const config = runConfigSchema.parse({
    ...{ model, optimizer: { kind: 'adam' }, learningRate: 1e-3, batchSize: 64, epochs: 2 },
  });
  await launchRun(db, actor, { projectId, config });
  const trainer = await db.prisma.trainer.create({
    data: { name: 'bench', host: 'bench', pid: process.pid, device: 'cpu:0', engine: 'tensorflow' },
  });
  const held = (await claimRun(db.pool, trainer.id))!;
  const run = await loadRun(db.pool, blobs, held.runId, 8e9);
  const engine = await openEngine({ libDir: env().HOLDOUT_TENSORFLOW });
  const fit = await engine.openFit(fitSpecOf(config, input, task, run.train.y), run.train, run.validation);
  const plan = planFit(config, task, run.train.n);

  const measure = async (callbacks: Callback[]) => {
    const cpu = process.cpuUsage();
    const wall = performance.now();
    await fitLoop(fit, plan, newLoopState(), callbacks, () => false);
    const { user, system } = process.cpuUsage(cpu);
    return { cpu: (user + system) / 1e3 / plan.totalSteps, wall: (performance.now() - wall) / plan.totalSteps };
  };
  const without: Awaited<ReturnType<typeof measure>>[] = [];
  const logged: Awaited<ReturnType<typeof measure>>[] = [];
  await measure([]);
  for (let round = 0; round < ROUNDS; round++) {
    without.push(await measure([]));
    const writer = new RunWriter(db.pool, held, (error) => {
      throw error;
    });
    logged.push(await measure([logPoints(writer, config), logThroughput(writer)]));
    await writer.flush();
    writer.close();
  }
  for (const kind of ['cpu', 'wall'] as const) {
    const [a, b] = [without.map((m) => m[kind]), logged.map((m) => m[kind])];
    console.log(
      `${kind.padEnd(5)} ms a step: ${median(a).toFixed(3)} without (${spread(a, 3)}), ${median(b).toFixed(3)} logged (${spread(b, 3)}): ${((median(b) / median(a) - 1) * 100).toFixed(1)} %`,
    );
  }
} finally {
  await product.close();
}
process.exit(0);
