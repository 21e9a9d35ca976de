import { checkAugmentation } from '../augmentation/check-augmentation.ts';
import type { DatasetSchema } from '../data/dataset-schema.ts';
import { inputOf, taskOf } from '../data/dataset-schema.ts';
import { AppError, type ErrorItem } from '../errors.ts';
import { checkMemory, trainingMemory } from '../model/memory.ts';
import { planModel } from '../model/plan.ts';
import { MOST_INSPECTED } from '../run/inspection.ts';
import { MOST_PERIODIC } from '../run/kept-checkpoints.ts';
import { warmupEpochs } from '../run/schedule.ts';
import { MAX_STEP } from '../run/series.ts';
import { checkStartFrom, type SourceModel } from '../transfer/check-start-from.ts';
import { checkObjective, checkWatched } from './check-objective.ts';
import type { RunConfig } from './run-config.ts';

/** Where a run will train and how many bytes a step may take there. */
export interface MemoryBudget {
  bytes: number;
  /** e.g. "cpu:0 of lab-3" */
  where: string;
  /** Most devices of one trainer; left out where none is up: the run waits for one that has enough. */
  devices?: number;
  /** Some trainer computes in bfloat16; left out where none is up. */
  bf16?: boolean;
}

/** Configurations of before there was accumulation have none. */
type Batching = Pick<RunConfig, 'batchSize'> & Partial<Pick<RunConfig, 'accumulate'>>;

/** Items of one update. */
export function stepItems({ batchSize, accumulate = 1 }: Batching): number {
  return batchSize * accumulate;
}

/** Updates of one epoch. */
export function stepsPerEpoch(trainItems: number, batching: Batching): number {
  return Math.max(1, Math.ceil(trainItems / stepItems(batching)));
}

/** How full the last update of an epoch is, in (0, 1]. */
export function lastBatchShare(trainItems: number, batching: Batching): number {
  const items = stepItems(batching);
  const before = (stepsPerEpoch(trainItems, batching) - 1) * items;
  return Math.max(1, trainItems - before) / Math.min(items, Math.max(1, trainItems));
}

/**
 * Throws AppError invalid_data whose items name the field or layer that this data set or machine can't take. O(layers).
 * @param source what the run starts from, where that is known here
 */
export function checkConfig(
  config: RunConfig,
  schema: DatasetSchema,
  trainItems: number,
  budget: MemoryBudget,
  source: SourceModel | null = null,
): void {
  const input = inputOf(schema);
  const task = taskOf(schema);
  checkStartFrom(config, planModel(config.model, input, task), source);
  checkMemory(
    trainingMemory(config.model, input, config.batchSize, config.optimizer, config),
    budget.bytes,
    budget.where,
  );

  const items: ErrorItem[] = checkDevices(config, budget);
  if (config.earlyStopping) items.push(...checkWatched('/earlyStopping', config.earlyStopping, task));
  items.push(...checkObjective(config, task));
  const warmup = warmupEpochs(config.schedule);
  if (warmup > config.epochs)
    items.push({
      path: '/schedule/warmupEpochs',
      message: `The warm-up takes ${warmup} epochs, the run has ${config.epochs}. Make it shorter.`,
    });
  if (config.epochs * stepsPerEpoch(trainItems, config) > MAX_STEP)
    items.push({ path: '/epochs', message: 'The run has more steps than can be counted. Use fewer epochs.' });
  const { everyEpochs } = config.checkpoints;
  if (everyEpochs !== null && config.epochs / everyEpochs > MOST_PERIODIC)
    items.push({
      path: '/checkpoints/everyEpochs',
      message: `A checkpoint every ${everyEpochs} of ${config.epochs} epochs is more than ${MOST_PERIODIC} files. Keep one every ${Math.ceil(config.epochs / MOST_PERIODIC)} epochs at most.`,
    });
  const { histogramsEvery } = config;
  if (histogramsEvery && config.epochs / histogramsEvery > MOST_INSPECTED)
    items.push({
      path: '/histogramsEvery',
      message: `Histograms every ${histogramsEvery} of ${config.epochs} epochs are more than ${MOST_INSPECTED} of each layer. Take them every ${Math.ceil(config.epochs / MOST_INSPECTED)} epochs at most.`,
    });
  items.push(...checkAugmentation(config.augmentation, schema));
  if (items.length > 0) throw new AppError('invalid_data', items[0]!.message, { items });
}

function checkDevices({ replicas, precision, batchSize }: RunConfig, { devices, bf16 }: MemoryBudget): ErrorItem[] {
  const items: ErrorItem[] = [];
  if (devices !== undefined && replicas > devices)
    items.push({
      path: '/replicas',
      message: `The run is to be spread over ${replicas} devices; no trainer has more than ${devices === 1 ? 'one' : devices}. Set it to ${devices}, or start a trainer with more: npm run trainer -- --device gpu:0,gpu:1.`,
    });
  else if (replicas > batchSize)
    items.push({
      path: '/replicas',
      message: `A batch of ${batchSize} can't be spread over ${replicas} devices. Set it to ${batchSize} at most, or make the batch larger.`,
    });
  if (precision === 'bf16' && bf16 === false)
    items.push({
      path: '/precision',
      message:
        'No trainer computes in bfloat16: that takes a processor with AVX-512 BF16 or AMX. Set precision to float32.',
    });
  return items;
}
