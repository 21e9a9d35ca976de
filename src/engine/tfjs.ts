import { createRequire } from 'node:module';
import util from 'node:util';

// Removed in Node 23; @tensorflow/tfjs-node-gpu still calls both.
const legacy = util as unknown as Record<string, unknown>;
legacy.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
legacy.isArray = Array.isArray;

// Its CommonJS build: the instance that @tensorflow/tfjs-node-gpu's kernels register with.
export const requireCjs = createRequire(import.meta.url);
export const tf = requireCjs('@tensorflow/tfjs') as typeof import('@tensorflow/tfjs');
tf.enableProdMode();

/** Runs `f` with one tfjs backend chosen and frees every tensor that `f` made and did not `tf.keep`. Synchronous, so engines may take turns. */
export function onBackend<T>(name: string, f: () => T): T {
  // The backends are initialised before: the choice takes effect at once, whatever the promise says.
  void tf.setBackend(name);
  let result: T;
  tf.tidy(() => {
    result = f();
  });
  return result!;
}
