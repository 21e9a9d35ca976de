import { type Objective, PLAIN_OBJECTIVE } from '../config/objective.ts';
import type { OptimizerSpec } from '../config/run-config.ts';
import { AppError } from '../errors.ts';
import { fileSize } from '../format/numbers.ts';
import { inputShape, planModel } from './plan.ts';
import type { InputSpec, ModelSpec } from './spec.ts';

/** What one training step keeps in memory, in bytes, as an estimate from above: engines reuse buffers where they can. */

const FLOAT = 4;

/** Arrays of the weights' size that the optimiser keeps between steps. */
export function optimizerSlots(optimizer: OptimizerSpec): number {
  switch (optimizer.kind) {
    case 'sgd':
      return optimizer.momentum > 0 ? 1 : 0;
    case 'adam':
    case 'adamw':
      return 2;
    case 'adagrad':
      return 1;
    case 'rmsprop':
      return optimizer.momentum > 0 ? 2 : 1;
  }
}

/** Arrays of the weights' size beside those: the weights' average, and the sum of accumulated gradients. */
export function objectiveSlots({ ema, accumulate }: Pick<Objective, 'ema' | 'accumulate'>): number {
  return (ema ? 1 : 0) + (accumulate > 1 ? 1 : 0);
}

export interface TrainingMemory {
  batchSize: number;
  input: number;
  /** every layer's output and its gradient */
  activations: number;
  parameters: number;
  gradients: number;
  /** what the optimiser, the average and the accumulation keep */
  slots: number;
  total: number;
  /** the layer that needs most: its output, weights, gradients and slots; whether it reads a flattened picture */
  largest: { name: string; path: string; bytes: number; because: 'output' | 'weights'; flattened: boolean };
}

/** O(layers). Throws what planModel throws. */
export function trainingMemory(
  model: ModelSpec,
  input: InputSpec,
  batchSize: number,
  optimizer: OptimizerSpec,
  objective: Pick<Objective, 'ema' | 'accumulate'> = PLAIN_OBJECTIVE,
): TrainingMemory {
  const slots = optimizerSlots(optimizer) + objectiveSlots(objective);
  const sums = { input: batchSize * product(inputShape(input)) * FLOAT, activations: 0, parameters: 0, trainable: 0 };
  let largest: TrainingMemory['largest'] = { name: '', path: '', bytes: -1, because: 'output', flattened: false };
  const plan = planModel(model, input);
  const types = new Map(plan.map((layer) => [layer.name, layer.spec.type]));
  for (const layer of plan) {
    const output = 2 * batchSize * product(layer.output) * FLOAT;
    const held = layer.weights.reduce((n, w) => n + product(w.shape), 0) * FLOAT;
    const trained = layer.weights.reduce((n, w) => n + (w.trainable ? product(w.shape) : 0), 0) * FLOAT;
    const weights = held + trained * (1 + slots);
    sums.activations += output;
    sums.parameters += held;
    sums.trainable += trained;
    if (output + weights > largest.bytes)
      largest = {
        name: layer.name,
        path: layer.path,
        bytes: output + weights,
        because: weights > output ? 'weights' : 'output',
        flattened: input.kind === 'image' && types.get(layer.inputs[0]!) === 'flatten',
      };
  }
  const parts = {
    input: sums.input,
    activations: sums.activations,
    parameters: sums.parameters,
    gradients: sums.trainable,
    slots: sums.trainable * slots,
  };
  return { batchSize, ...parts, total: Object.values(parts).reduce((a, b) => a + b, 0), largest };
}

/** The largest batch, a power of two, whose step needs at most `bytes`; null where the weights alone are too much. */
export function batchThatFits({ batchSize, input, activations, total }: TrainingMemory, bytes: number): number | null {
  const most = ((bytes - (total - input - activations)) * batchSize) / (input + activations);
  return most >= 1 ? 2 ** Math.floor(Math.log2(most)) : null;
}

/** Throws AppError `invalid_data` that names the largest layer when a step needs more than `budget` bytes. */
export function checkMemory(memory: TrainingMemory, budget: number, where: string): void {
  if (memory.total <= budget) return;
  const { name, path, bytes, because, flattened } = memory.largest;
  const fits = batchThatFits(memory, budget);
  const batch = fits === null ? 'Make the batch smaller' : `A batch of ${fits} would fit: take it`;
  const slimmer = flattened
    ? 'Give it fewer units, or put global_average_pool2d in place of flatten.'
    : 'Give it fewer units.';
  const mend = because === 'output' ? `${batch}, or pool earlier.` : fits === null ? slimmer : `${slimmer} ${batch}.`;
  const message = `A training step needs about ${fileSize(memory.total)}, and a run on ${where} may take ${fileSize(budget)}. Layer "${name}" alone takes ${fileSize(bytes)}. ${mend}`;
  throw new AppError('invalid_data', message, { items: [{ path, message }] });
}

function product(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
