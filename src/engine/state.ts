import { AppError } from '#core/errors.ts';
import { initialWeight } from '#core/model/initial-weights.ts';
import { type LayerPlan, plannedWeights } from '#core/model/plan.ts';
import type { FitSpec, NamedTensor, TensorMap } from './engine.ts';
import { slotsOf } from './optimizer.ts';

/** Steps taken, int32 [1]: keys dropout and Adam's bias correction. */
export const STEP = 'step';

/** Where a weight's moving average lies. */
export const averageName = (weight: string) => `ema/${weight}`;

export const slotName = (slot: string, weight: string) => `optimizer/${slot}/${weight}`;

/** What training alone needs: slots and the step counter. Weights, and averages of them, are the rest. */
export const isOptimizerState = (name: string) => name === STEP || name.startsWith('optimizer/');

/**
 * The state of a run before its first step: weights from the seed, averages like the weights, slots of zeros, step 0; what `given` names from there.
 * Throws AppError `invalid_data` when `given` holds something that the state has not, or in another shape.
 */
export function initialState(
  plan: LayerPlan[],
  { initial = new Map(), ...spec }: Pick<FitSpec, 'optimizer' | 'ema' | 'seed' | 'initial'>,
): TensorMap {
  const state = stateFromSeed(plan, spec);
  const known = [...initial].map(([name, tensor]) => [name, state.get(name) ?? tensor] as const);
  const unknown = known.find(([name]) => !state.has(name));
  if (unknown)
    throw new AppError('invalid_data', `The weights to start from hold "${unknown[0]}", which this model has not.`);
  const picked = pick(new Map(known), initial, 'The weights to start from do not fit the model');
  for (const [name, tensor] of [...picked])
    if (state.has(averageName(name)) && !picked.has(averageName(name)))
      picked.set(averageName(name), { ...tensor, data: tensor.data.slice() });
  return new Map([...state, ...picked]);
}

function stateFromSeed(
  plan: LayerPlan[],
  { optimizer, ema, seed }: Pick<FitSpec, 'optimizer' | 'ema' | 'seed'>,
): TensorMap {
  const state: TensorMap = new Map();
  for (const weight of plannedWeights(plan)) {
    const data = initialWeight(weight, seed);
    state.set(weight.name, { shape: weight.shape, dtype: 'float32', data });
    if (ema) state.set(averageName(weight.name), { shape: weight.shape, dtype: 'float32', data: data.slice() });
    if (!weight.trainable) continue;
    for (const slot of slotsOf(optimizer)) {
      const data = new Float32Array(weight.shape.reduce((a, b) => a * b, 1));
      state.set(slotName(slot, weight.name), { shape: weight.shape, dtype: 'float32', data });
    }
  }
  return state.set(STEP, { shape: [1], dtype: 'int32', data: Int32Array.of(0) });
}

/** The weights that `plan` needs, picked out of `given`. Throws AppError `invalid_data` that lists every missing one and every wrong shape. */
export function pickWeights(plan: LayerPlan[], given: TensorMap): TensorMap {
  const wanted = plannedWeights(plan).map((w): [string, Pick<NamedTensor, 'shape' | 'dtype'>] => [
    w.name,
    { shape: w.shape, dtype: 'float32' },
  ]);
  return pick(new Map(wanted), given, 'The weights do not fit the model');
}

/** `given` if it holds exactly what `like` holds, in `like`'s order. Throws AppError `invalid_data`. */
export function pickState(like: TensorMap, given: TensorMap): TensorMap {
  return pick(like, given, 'The checkpoint does not fit this run');
}

function pick(
  wanted: ReadonlyMap<string, Pick<NamedTensor, 'shape' | 'dtype'>>,
  given: TensorMap,
  title: string,
): TensorMap {
  const picked: TensorMap = new Map();
  const items = [];
  for (const [name, { shape, dtype }] of wanted) {
    const tensor = given.get(name);
    const size = shape.reduce((a, b) => a * b, 1);
    if (!tensor) items.push({ path: name, message: `${name} is missing` });
    else if (tensor.dtype !== dtype || tensor.data.length !== size || String(tensor.shape) !== String(shape))
      items.push({
        path: name,
        message: `${name} is ${tensor.dtype} [${tensor.shape.join(', ')}], the model wants ${dtype} [${shape.join(', ')}]`,
      });
    else picked.set(name, tensor);
  }
  if (items.length)
    throw new AppError('invalid_data', `${title}: ${items[0]!.message}. Use the model it was saved with.`, { items });
  return picked;
}
