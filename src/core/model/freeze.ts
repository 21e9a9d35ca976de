import { AppError } from '../errors.ts';
import type { LayerPlan } from './plan.ts';

/**
 * The same plan with the named layers frozen: their weights are not trained, and they run in inference mode, so that
 * batch norm keeps its statistics and dropout drops nothing. O(layers).
 * Throws AppError `invalid_data` for a name that no layer has, and when nothing would be left to train.
 */
export function freeze(plan: LayerPlan[], names: readonly string[]): LayerPlan[] {
  if (names.length === 0) return plan;
  const wanted = new Set(names);
  const frozen = plan.map((layer) => (wanted.delete(layer.name) ? frozenLayer(layer) : layer));
  const [missing] = wanted;
  if (missing !== undefined)
    throw new AppError('invalid_data', `There is no layer "${missing}" to freeze. The layers are ${list(plan)}.`);
  if (!frozen.some((layer) => layer.weights.some((w) => w.trainable)))
    throw new AppError(
      'invalid_data',
      'Every layer with weights is frozen, so nothing would be trained. Freeze fewer.',
    );
  return frozen;
}

/** Names of all layers up to `last`, in the model's order; none where no layer is named so. */
export function layersUpTo(plan: readonly LayerPlan[], last: string | null): string[] {
  return plan.slice(0, plan.findIndex((layer) => layer.name === last) + 1).map((layer) => layer.name);
}

function frozenLayer(layer: LayerPlan): LayerPlan {
  return { ...layer, frozen: true, weights: layer.weights.map((w) => ({ ...w, trainable: false })) };
}

function list(plan: readonly LayerPlan[]): string {
  return plan.map((layer) => layer.name).join(', ');
}
