import { AppError } from '#core/errors.ts';
import { TensorFlowError } from './ffi.ts';

const RESOURCE_EXHAUSTED = 8;

/** TensorFlow's error in words that name the layer, where its message names the node. Anything else comes back as it is. */
export function explain(error: unknown, batchSize: number): unknown {
  if (!(error instanceof TensorFlowError)) return error;
  // Nodes are named scope/layer/..., such as train64/conv1/gradient/Conv2DBackpropFilter.
  const layer = /\{\{node [^/}]+\/([^/}]+)/.exec(error.message)?.[1];
  const where = layer ? ` in layer "${layer}"` : '';
  const details = { tensorflow: error.message, code: error.code };
  if (error.code === RESOURCE_EXHAUSTED)
    return new AppError(
      'unavailable',
      `Out of memory${where} at batch size ${batchSize}. Make the batch or the layer smaller.`,
      { details, cause: error },
    );
  return new AppError('internal', `TensorFlow failed${where}: ${error.message.split('\n')[0]}`, {
    details,
    cause: error,
  });
}
