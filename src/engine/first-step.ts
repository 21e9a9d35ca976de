import { PLAIN_OBJECTIVE } from '#core/config/objective.ts';
import type { Engine } from './engine.ts';

/**
 * Trains one step of a small network with layers of the usual kinds, and evaluates it. Shows whether an engine works; and what a
 * process does for the first time takes longest (loading kernels, compiling JavaScript), 0.1 s that a run after it does not wait for.
 * Throws what the engine throws, and Error where the loss is no number.
 */
export async function trainFirstStep(engine: Engine): Promise<void> {
  const side = 8;
  const n = 4;
  const part = {
    x: Uint8Array.from({ length: n * side * side }, (_, i) => (37 * i) % 256),
    y: Int32Array.from({ length: n }, (_, i) => i % 2),
    n,
  };
  const layer = { activation: 'relu', bias: true } as const;
  const fit = await engine.openFit(
    {
      model: {
        layers: [
          { type: 'conv2d', filters: 2, kernelSize: 3, strides: 1, padding: 'valid', ...layer },
          { type: 'max_pool2d', poolSize: 2, padding: 'valid' },
          { type: 'flatten' },
          { type: 'dense', units: 2, ...layer, activation: 'linear' },
        ],
      },
      input: { kind: 'image', height: side, width: side, channels: 1 },
      task: { kind: 'classification', classes: 2 },
      optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      ...PLAIN_OBJECTIVE,
      classWeights: null,
      batchSize: n,
      seed: 0,
    },
    part,
    part,
  );
  try {
    const { loss } = await fit.step(
      Int32Array.from({ length: n }, (_, i) => i),
      1e-3,
    );
    if (!Number.isFinite(loss)) throw new Error(`A step of ${n} items gave a loss of ${loss}`);
    await fit.evaluate('validation');
    await fit.weights();
  } finally {
    await fit.close();
  }
}
