import { rateValue } from '../format/numbers.ts';
import type { TaskSpec } from '../model/spec.ts';
import { LOSS_NAMES, lossOf } from './objective.ts';
import {
  OPTIMIZER_NAMES,
  type OptimizerSpec,
  optimizerSchema,
  type RunConfig,
  type ScheduleSpec,
} from './run-config.ts';
import { momentumOf } from './usual-rate.ts';

/** Loss, schedule and update in words, for who reads a run. */

/** "Cross-entropy, smoothed 0.1, balanced classes" */
export function lossWords({ loss, classWeights, sampling }: RunConfig, task: Pick<TaskSpec, 'kind'>): string {
  const spec = lossOf(loss, task);
  return [
    LOSS_NAMES[spec.kind],
    'labelSmoothing' in spec && spec.labelSmoothing > 0 && `smoothed ${spec.labelSmoothing}`,
    spec.kind === 'huber' && `straight from ${rateValue(spec.delta)}`,
    classWeights && (classWeights === 'balanced' ? 'balanced class weights' : 'own class weights'),
    sampling === 'balanced' && 'balanced sampling',
  ]
    .filter(Boolean)
    .join(', ');
}

/** Numbers of an optimiser that few runs change. */
export const CONSTANTS = ['nesterov', 'beta1', 'beta2', 'alpha', 'epsilon'] as const;

/** "SGD, momentum 0.95". */
export function optimizerWords(optimizer: OptimizerSpec): string {
  const momentum = momentumOf(optimizer);
  return `${OPTIMIZER_NAMES[optimizer.kind]}${momentum > 0 ? `, momentum ${momentum}` : ''}`;
}

/** What of the update is not as usual, in a word or two each. */
export function updateWords({ optimizer, gradientClipping: clipping, accumulate, ema }: RunConfig): string[] {
  const usual: Record<string, unknown> = optimizerSchema.parse({ kind: optimizer.kind });
  const own: Record<string, unknown> = optimizer;
  const changed = CONSTANTS.filter((key) => own[key] !== usual[key]);
  return [
    ...(changed.includes('nesterov') ? ['Nesterov'] : changed.length > 0 ? ['own constants'] : []),
    ...(clipping ? [`clipped at ${clipping.kind} ${rateValue(clipping.limit)}`] : []),
    ...(accumulate !== 1 ? [`${accumulate} batches`] : []),
    ...(ema ? [`averaged ${ema.decay}`] : []),
  ];
}

/** What follows the learning rate: ", cosine". Nothing where it is constant. */
export function scheduleWords(schedule: ScheduleSpec): string {
  const shape = shapeWords(schedule);
  const warmup = 'warmupEpochs' in schedule ? schedule.warmupEpochs : 0;
  return `${shape && `, ${shape}`}${warmup > 0 ? `, ${warmup} epochs warm-up` : ''}`;
}

function shapeWords(schedule: ScheduleSpec): string {
  switch (schedule.kind) {
    case 'constant':
      return '';
    case 'step':
      return `× ${schedule.factor} every ${schedule.everyEpochs} epochs`;
    case 'exponential':
      return `× ${schedule.factor} each epoch`;
    case 'cosine':
      return 'cosine';
    case 'plateau':
      return `× ${schedule.factor} after ${schedule.patience + 1} epochs without better ${schedule.metric}`;
    case 'one_cycle':
      return 'one cycle';
  }
}
