import type { Pool } from 'pg';
import { planAugmentation } from '#core/augmentation/plan.ts';
import type { RunConfig } from '#core/config/run-config.ts';
import { inputOf, taskOf } from '#core/data/dataset-schema.ts';
import { megabytes } from '#core/format/numbers.ts';
import { layersUpTo } from '#core/model/freeze.ts';
import { type LayerPlan, planModel } from '#core/model/plan.ts';
import type { InputSpec, ModelSpec, TaskSpec } from '#core/model/spec.ts';
import { summarise } from '#core/model/summary.ts';
import { isCheck, withoutRemedies } from '#core/run/modes.ts';
import type { StartFrom } from '#core/transfer/start-from.ts';
import { lineageWords } from '#core/transfer/words.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import { truncateHistograms } from '#db/runs/histograms.ts';
import { type Held, holdAttempt } from '#db/runs/queue.ts';
import { truncateSeriesIn } from '#db/series/series.ts';
import { START_ATTEMPT } from '#db/sql/runs.ts';
import { transaction } from '#db/sql/transaction.ts';
import type { Engine, EngineInfo, Fit, FitSpec, PartArrays } from '#engine/engine.ts';
import { LostHostError } from '#engine/hosts.ts';
import type { CheckpointStore, Resumable } from './checkpoint-store.ts';
import { Checkpointer } from './fit/checkpoint.ts';
import { fitSpecOf } from './fit/fit-spec.ts';
import { type LoopState, newLoopState } from './fit/loop-state.ts';
import { type FitPlan, planFit } from './fit/plan.ts';
import { StagedFit, type StageSpec } from './fit/staged-fit.ts';
import { type LoadedRun, loadRun } from './load-run.ts';
import { machineFacts } from './machine.ts';
import { persist } from './persist.ts';
import type { RunWriter } from './run-writer.ts';
import { readStartWeights } from './start-weights.ts';

export interface Preparation {
  pool: Pool;
  blobs: BlobStore;
  held: Held;
  /** bytes that the run may take */
  memory: number;
  store: CheckpointStore;
  writer: RunWriter;
  openEngine: () => Promise<Engine>;
}

export interface Prepared {
  fit: Fit;
  plan: FitPlan;
  state: LoopState;
  /** only a training keeps weights: a check in another mode begins anew, and leaves none */
  checkpointer: Checkpointer;
  engine: Engine;
  model: ModelSpec;
  input: InputSpec;
  task: TaskSpec;
  train: PartArrays;
  validation: PartArrays;
  /** "image" or "row" */
  noun: string;
  /** The same fit again, before its first step. */
  reopen: () => Promise<Fit>;
  /** What the engine is told of the step that follows so many. */
  specAt: (step: number) => FitSpec;
}

/** From the run's row to the place before its next step: parts read, engine open, checkpoint restored, series cut where it ends. */
export async function prepare({
  pool,
  blobs,
  held,
  memory,
  store,
  writer,
  openEngine,
}: Preparation): Promise<Prepared> {
  const run = await persist(() => loadRun(pool, blobs, held.runId, memory));
  const config = configOfMode(run.config);
  const { model, batchSize, mode } = config;
  const input = inputOf(run.schema);
  const task = taskOf(run.schema);
  const few = mode === 'fast_dev_run';
  const [train, validation] = few
    ? [firstItems(run.train, batchSize), firstItems(run.validation, batchSize)]
    : [run.train, run.validation];
  const plan = planFit(config, task, train.n, train.y);
  const engine = await openEngine();
  const augmentation = planAugmentation(config.augmentation, run.schema, input);
  const spec = { ...fitSpecOf(config, input, task, train.y), augmentation, featureBytes: memory / 4 };
  const open = (stage: StageSpec) => engine.openFit({ ...spec, ...stage }, train, validation);
  const { startFrom } = config;
  const first = startFrom ? await firstStage(startFrom, planModel(model, input), { pool, blobs, held, writer }) : {};
  const secondAt = startFrom?.secondStage && startFrom.secondStage.epoch * plan.stepsPerEpoch;
  const reopen = () => (secondAt && mode === 'train' ? StagedFit.open(open, first, secondAt) : open(first));
  const fit = await reopen();
  const resumed = isCheck(config) ? null : await resume(fit, plan, store, writer);
  const { parameters } = summarise(model, input, batchSize);
  const environment = environmentOf(engine.info, fit, run.data);
  const unnamed = await persist(() => startAttempt(pool, held, plan, parameters, resumed, environment));
  for (const key of unnamed) await blobs.delete(key);
  writer.log(
    'info',
    `${engine.info.version} on ${engine.info.device}, ${fit.mode.kind} step on ${fit.threads} ${fit.threads === 1 ? 'thread' : 'threads'}. ${fit.mode.reason}`,
  );
  if (run.data.streams) writer.log('info', streamWords(run.data.bytes, memory));
  return {
    fit,
    plan,
    state: resumed?.loop ?? newLoopState(),
    checkpointer: new Checkpointer(fit, plan, store, writer, resumed?.best ?? null, resumed?.kept),
    ...{ engine, model, input, task, train, validation, noun: input.kind === 'image' ? 'image' : 'row' },
    reopen,
    specAt: (step) => ({ ...spec, ...(secondAt && step >= secondAt ? {} : { frozen: first.frozen ?? [] }) }),
  };
}

/** The configuration as its mode trains it. */
function configOfMode(config: RunConfig): RunConfig {
  if (config.mode === 'overfit_batch') return withoutRemedies(config);
  if (config.mode === 'fast_dev_run') return { ...config, epochs: 1, earlyStopping: null };
  return config;
}

/** The first `most` items, on the same memory or in the same file. */
function firstItems({ x, y, n }: PartArrays, most: number): PartArrays {
  const kept = Math.min(n, most);
  const first = ArrayBuffer.isView(x) ? x.subarray(0, (x.length / n) * kept) : x;
  return { x: first, y: y.subarray(0, (y.length / n) * kept), n: kept };
}

async function firstStage(
  startFrom: StartFrom,
  plan: LayerPlan[],
  { pool, blobs, held, writer }: Pick<Preparation, 'pool' | 'blobs' | 'held' | 'writer'>,
): Promise<StageSpec> {
  const { source, weights } = await persist(() => readStartWeights(pool, blobs, held.runId));
  const frozen = layersUpTo(plan, startFrom.freezeUpTo);
  const kept = frozen.length > 0 ? `; frozen up to ${startFrom.freezeUpTo}` : '';
  writer.log('info', `Starts from ${lineageWords(source).what}: ${source.layers.join(', ')}${kept}.`);
  return { initial: weights, frozen };
}

async function resume(fit: Fit, plan: FitPlan, store: CheckpointStore, writer: RunWriter): Promise<Resumable | null> {
  try {
    const resumed = await persist(() => store.load(plan.monitor));
    if (!resumed) return null;
    await fit.restore(resumed.state);
    writer.log('info', `Goes on from its checkpoint at step ${resumed.loop.step}.`);
    return resumed;
  } catch (error) {
    if (error instanceof LostHostError) throw error;
    writer.log('warning', `Starts anew, because the checkpoint can't be used: ${(error as Error).message}`);
    return null;
  }
}

/**
 * Series are cut in the same transaction that says from where this attempt goes on.
 * @returns the keys of kept weights that no row names any more
 */
async function startAttempt(
  pool: Pool,
  held: Held,
  plan: FitPlan,
  parameters: number,
  resumed: Resumable | null,
  environment: Record<string, unknown>,
): Promise<string[]> {
  const step = resumed?.loop.step ?? null;
  return transaction(pool, async (client) => {
    await holdAttempt(client, held);
    const unnamed: string[] = [];
    if (held.attempt > 1) {
      await truncateSeriesIn(client, held.runId, step ?? 0);
      await truncateHistograms(client, held.runId, step ?? 0);
      // Epochs that are trained again are kept again.
      const { rows } = await client.query<{ weightsKey: string }>(
        'DELETE FROM "KeptCheckpoint" WHERE "runId" = $1 AND epoch > $2 RETURNING "weightsKey"',
        [held.runId, resumed?.loop.epoch ?? 0],
      );
      unnamed.push(...rows.map(({ weightsKey }) => weightsKey));
    }
    const row = [JSON.stringify(environment), plan.totalSteps, parameters, step];
    await client.query(START_ATTEMPT, [held.runId, held.attempt, ...row]);
    return unnamed;
  });
}

function streamWords(bytes: number, memory: number): string {
  return `The data (${megabytes(bytes)} MB) is too much for the ${megabytes(memory)} MB that a run may take here: its batches are read from the file while it trains.`;
}

/** What the run was computed with and on; its configuration and seed lie beside it. */
function environmentOf(info: EngineInfo, fit: Fit, data: LoadedRun['data']): Record<string, unknown> {
  const { kind, version, device, reason } = info;
  return {
    engine: kind,
    version,
    device,
    threads: fit.threads,
    reason,
    mode: fit.mode.kind,
    modeReason: fit.mode.reason,
    ...machineFacts(),
    data: data.streams ? 'streamed' : 'in memory',
    contentDigest: data.contentDigest,
    splitDigest: data.splitDigest,
  };
}
