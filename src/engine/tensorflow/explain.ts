import { AppError } from '#core/errors.ts';
import { TensorFlowError } from './ffi.ts';

const RESOURCE_EXHAUSTED = 8;

/** TensorFlow's error in words that name the layer, where its message names the node. Anything else comes back as it is. */
export function explain(error: unknown, batchSize: number): unknown {
  const cause = tensorFlowError(error);
  if (!cause) return error;
  // Nodes are named scope/layer/..., such as train64/conv1/gradient/Conv2DBackpropFilter.
  const layer = /\{\{node [^/}]+\/([^/}]+)/.exec(cause.message)?.[1];
  const where = layer ? ` in layer "${layer}"` : '';
  const details = { tensorflow: cause.message, code: cause.code };
  if (isOutOfMemory(error))
    return new AppError(
      'unavailable',
      `Out of memory${where} at batch size ${batchSize}. Make the batch or the layer smaller.`,
      { details, cause },
    );
  return new AppError('internal', `TensorFlow failed${where}: ${cause.message.split('\n')[0]}`, { details, cause });
}

export function isOutOfMemory(error: unknown): boolean {
  return tensorFlowError(error)?.code === RESOURCE_EXHAUSTED;
}

function tensorFlowError(error: unknown): TensorFlowError | undefined {
  if (error instanceof TensorFlowError) return error;
  return error instanceof Error && error.cause ? tensorFlowError(error.cause) : undefined;
}
