import { AppError } from '#core/errors.ts';
import { batchThatFits, trainingMemory } from '#core/model/memory.ts';
import { planModel } from '#core/model/plan.ts';
import type { FitSpec } from '../engine.ts';
import { LostHostError } from '../hosts.ts';
import { TensorFlowError } from './ffi.ts';

const RESOURCE_EXHAUSTED = 8;
const UNAVAILABLE = 14;

/**
 * Nodes are named scope/layer/..., such as train64/conv1/gradient/Conv2DBackpropFilter or train64/block1/conv1/Conv2D: what stands
 * behind a layer's name is an operation, its gradient or a weight, else the name of a layer in the block.
 */
const NODE =
  /\{\{node [^/}]+\/([^/}]+(?:\/(?!gradient\/|\w*kernel\/|bias\/|gamma\/|beta\/|moving_)[a-z][a-z0-9_]*(?=\/))?)/;

/**
 * TensorFlow's error in words that name the layer, where its message names the node. Anything else comes back as it is.
 * @param spec of a training step: then the batch size that would take half the memory is named as well
 */
export function explain(error: unknown, batchSize: number, spec?: FitSpec): unknown {
  const cause = tensorFlowError(error);
  if (!cause) return error;
  const layer = NODE.exec(cause.message)?.[1] ?? scopeOf(error) ?? layerThatGives(cause.message, spec);
  const where = layer ? ` in layer "${layer}"` : '';
  const details = { tensorflow: cause.message, code: cause.code };
  if (cause.code === UNAVAILABLE) {
    const task = /\/task:(\d+)/.exec(cause.message)?.[1];
    const host = task === undefined ? 'A host' : `Host ${Number(task) + 1}`;
    const message = `${host} of this run is gone. It goes on from its last checkpoint once all of them answer.`;
    return new LostHostError(message, { cause });
  }
  if (isOutOfMemory(error)) {
    const array = /shape ?\[([\d,]+)\]/.exec(cause.message)?.[1]?.replaceAll(',', ' x ');
    const message = `Out of memory${where} at batch size ${batchSize}${array ? `, for an array of ${array}` : ''}. ${mend(batchSize, spec)}`;
    return new AppError('unavailable', message, { details, cause });
  }
  return new AppError('internal', `TensorFlow failed${where}: ${cause.message.split('\n')[0]}`, { details, cause });
}

/** The layer in whose scope an operation failed that ran by itself, outside of a graph. */
function scopeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return /^Layer "([^"]+)":/.exec(error.message)?.[1] ?? scopeOf(error.cause);
}

/** A gradient that is computed outside of a graph has no scope; its array is as large as what its layer gives. */
function layerThatGives(message: string, spec: FitSpec | undefined): string | undefined {
  const item = /shape ?\[\d+,([\d,]+)\]/.exec(message)?.[1];
  if (!spec || !item) return undefined;
  return planModel(spec.model, spec.input).find(({ output }) => output.join() === item)?.name;
}

/** How much the device has is not known here, only that this was more; half of it is the first guess that is worth a run. */
function mend(batchSize: number, spec: FitSpec | undefined): string {
  if (!spec) return 'Make the batch or the layer smaller.';
  const memory = trainingMemory(spec.model, spec.input, batchSize, spec.optimizer, spec);
  const fits = batchThatFits(memory, memory.total / 2);
  return fits === null || fits >= batchSize
    ? 'Its weights take most of it: make the layer smaller.'
    : `A batch of ${fits} takes half as much and should fit; or make the layer smaller.`;
}

/** Another host is gone, or memory is short: computing operation by operation would not help. */
export function isBeyondHelp(error: unknown): boolean {
  return error instanceof LostHostError || tensorFlowError(error)?.code === UNAVAILABLE || isOutOfMemory(error);
}

function isOutOfMemory(error: unknown): boolean {
  return tensorFlowError(error)?.code === RESOURCE_EXHAUSTED;
}

function tensorFlowError(error: unknown): TensorFlowError | undefined {
  if (error instanceof TensorFlowError) return error;
  return error instanceof Error && error.cause ? tensorFlowError(error.cause) : undefined;
}
