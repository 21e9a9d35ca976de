import type { RunConfig } from '../config/run-config.ts';
import { AppError, type ErrorItem } from '../errors.ts';
import { type LayerPlan, planModel } from '../model/plan.ts';
import type { InputSpec, ModelSpec } from '../model/spec.ts';

/** A model whose weights another may start from. */
export interface SourceModel {
  model: ModelSpec;
  input: InputSpec;
}

/**
 * Throws AppError `invalid_data` whose items name the layer that can't be taken over, or frozen. `source`: null where it isn't known
 * here; what depends on it goes unchecked. O(layers).
 */
export function checkStartFrom(
  config: Pick<RunConfig, 'startFrom' | 'epochs'>,
  plan: readonly LayerPlan[],
  source: SourceModel | null,
): void {
  const { startFrom, epochs } = config;
  if (!startFrom) return;
  const items: ErrorItem[] = [];
  const at = (field: string, message: string) => items.push({ path: `/startFrom/${field}`, message });
  const { freezeUpTo, secondStage } = startFrom;
  const end = plan.findIndex((layer) => layer.name === freezeUpTo);
  if (freezeUpTo !== null && end < 0) at('freezeUpTo', noLayer(freezeUpTo, 'This model', plan));
  else if (freezeUpTo !== null && !plan.slice(end + 1).some(isTrained))
    at('freezeUpTo', `Nothing after layer "${freezeUpTo}" has weights, so nothing would be trained. Freeze fewer.`);
  if (secondStage && freezeUpTo === null)
    at('secondStage', 'A second stage trains what the first left frozen, and nothing is. Freeze up to a layer first.');
  if (secondStage && secondStage.epoch >= epochs)
    at(
      'secondStage/epoch',
      `The second stage would begin after ${secondStage.epoch} of ${epochs} epochs, so never. Begin it earlier.`,
    );
  if (source) {
    const from = planModel(source.model, source.input);
    items.push(...unfitLayers(plan, from, startFrom.cutAfter));
    const taken = new Set(weightsTaken(from, startFrom.cutAfter).map((layer) => layer.name));
    const fresh = plan.slice(0, end + 1).find((layer) => layer.weights.length > 0 && !taken.has(layer.name));
    if (fresh && items.length === 0)
      at(
        'freezeUpTo',
        `Layer "${fresh.name}" does not come from the source: frozen, it would keep its random weights. Freeze up to a layer before it.`,
      );
  }
  if (items.length > 0) throw new AppError('invalid_data', items[0]!.message, { items });
}

/** The layers with weights that the source's layer at the cut depends on, itself included; all where there is no cut, none where it has no such layer. */
export function weightsTaken(source: readonly LayerPlan[], cutAfter: string | null): LayerPlan[] {
  const needed = new Set(cutAfter === null ? source.map((layer) => layer.name) : [cutAfter]);
  for (const layer of source.toReversed())
    if (needed.has(layer.name)) for (const name of layer.inputs) needed.add(name);
  return source.filter((layer) => needed.has(layer.name) && layer.weights.length > 0);
}

/** The source's layers up to the cut that a model lacks, or has with other weights. */
export function unfitLayers(
  plan: readonly LayerPlan[],
  source: readonly LayerPlan[],
  cutAfter: string | null,
): ErrorItem[] {
  if (cutAfter !== null && !source.some((layer) => layer.name === cutAfter))
    return [{ path: '/startFrom/cutAfter', message: noLayer(cutAfter, 'The source', source) }];
  const mine = new Map(plan.map((layer) => [layer.name, layer]));
  return weightsTaken(source, cutAfter).flatMap((theirs): ErrorItem[] => {
    const layer = mine.get(theirs.name);
    if (!layer) {
      const message = `Layer "${theirs.name}" of the source has weights, but this model has no layer of that name. Keep it, or cut the source before it.`;
      return [{ path: '/startFrom/cutAfter', message }];
    }
    const different = differentWeight(layer, theirs);
    return different ? [{ path: layer.path, message: different }] : [];
  });
}

function differentWeight(layer: LayerPlan, theirs: LayerPlan): string | undefined {
  const mend = 'Give both the same layer, or cut the source before it.';
  if (layer.spec.type !== theirs.spec.type)
    return `Layer "${layer.name}" is ${theirs.spec.type} in the source and ${layer.spec.type} here. ${mend}`;
  const shapes = (of: LayerPlan) => new Map(of.weights.map((w) => [w.name, `[${w.shape.join(', ')}]`]));
  const [here, there] = [shapes(layer), shapes(theirs)];
  for (const name of new Set([...there.keys(), ...here.keys()]))
    if (here.get(name) !== there.get(name))
      return `Layer "${layer.name}": ${name} is ${there.get(name) ?? 'absent'} in the source and ${here.get(name) ?? 'absent'} here. ${mend}`;
  return undefined;
}

function isTrained(layer: LayerPlan): boolean {
  return layer.weights.some((w) => w.trainable);
}

function noLayer(name: string, whose: string, plan: readonly LayerPlan[]): string {
  return `${whose} has no layer "${name}". Its layers are ${plan.map((layer) => layer.name).join(', ')}.`;
}
