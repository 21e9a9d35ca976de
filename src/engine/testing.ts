import { PLAIN_OBJECTIVE } from '#core/config/objective.ts';
import { optimizerSchema } from '#core/config/run-config.ts';
import { type InputSpec, modelSchema, type TaskSpec } from '#core/model/spec.ts';
import type { Engine, FitSpec, ItemArray, PartArrays } from './engine.ts';
import { openEngine } from './open-engine.ts';

/** Small problems for the engines' tests: the same numbers everywhere, from formulas. */

/** Where the tests' runner put TensorFlow's library, if not into the shared cache. */
// biome-ignore lint/style/noProcessEnv: the runner says it to tests that have no server's environment
export const TEST_LIBRARY = process.env.HOLDOUT_TENSORFLOW || undefined;

/** Each engine that can be had here. */
export async function openEngines(): Promise<Engine[]> {
  const engines = [await openEngine({ threads: 2, libDir: TEST_LIBRARY }), await openEngine({ prefer: 'wasm' })];
  return engines.filter((engine, i) => i === 0 || engine.info.kind !== engines[0]!.info.kind);
}

/** scale * sin(12.9898 * (i + 1) + phase), rounded to 1/1024: bench/golden/engine.py has the same. */
export function wave(n: number, phase: number, scale: number): Float32Array {
  return Float32Array.from(
    { length: n },
    (_, i) => roundHalfEven(scale * Math.sin(12.9898 * (i + 1) + phase) * 1024) / 1024,
  );
}

function roundHalfEven(v: number): number {
  const down = Math.floor(v);
  return v - down === 0.5 ? down + (down % 2) : Math.round(v);
}

export const IMAGE: InputSpec = { kind: 'image', height: 8, width: 8, channels: 1 };
export const THREE_CLASSES: TaskSpec = { kind: 'classification', classes: 3 };

/** Images of three classes that a small network learns in some steps. */
export function images(n: number): PartArrays & { x: ItemArray } {
  const x = new Uint8Array(n * 64);
  const y = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    y[i] = i % 3;
    for (let j = 0; j < 64; j++)
      x[i * 64 + j] = 120 + 80 * Math.sin((j * (y[i]! + 1)) / 7 + i) + ((i * 37 + j * 11) % 50);
  }
  return { x, y, n };
}

export const CONV_LAYERS = [
  { type: 'conv2d', name: 'conv1', filters: 4, kernelSize: 3, padding: 'same', bias: false },
  { type: 'batch_norm' },
  { type: 'activation', activation: 'elu' },
  { type: 'max_pool2d' },
  { type: 'conv2d', filters: 6, kernelSize: [2, 3], strides: [1, 2], activation: 'tanh', bias: false },
  { type: 'average_pool2d', padding: 'same' },
  { type: 'flatten' },
  { type: 'dropout', rate: 0 },
  { type: 'dense', units: 8, activation: 'swish' },
  { type: 'batch_norm' },
  { type: 'dense', units: 3 },
];

export function convSpec(
  changes: { layers?: unknown[]; optimizer?: unknown } & Partial<Omit<FitSpec, 'model' | 'optimizer'>> = {},
): FitSpec {
  const { layers = CONV_LAYERS, optimizer = { kind: 'adam' }, ...rest } = changes;
  return {
    model: modelSchema.parse({ layers }),
    input: IMAGE,
    task: THREE_CLASSES,
    optimizer: optimizerSchema.parse(optimizer),
    ...PLAIN_OBJECTIVE,
    classWeights: null,
    batchSize: 12,
    seed: 3,
    ...rest,
  };
}

/** Indices of batch `step` of `size` out of `n`, in a fixed order that mixes the items. */
export function batchOf(step: number, size: number, n: number): Int32Array {
  return Int32Array.from({ length: size }, (_, k) => (step * size + 5 * k) % n);
}
