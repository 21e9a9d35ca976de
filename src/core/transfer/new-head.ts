import type { RunConfig } from '../config/run-config.ts';
import { AppError } from '../errors.ts';
import { layerNames } from '../model/names.ts';
import { planModel } from '../model/plan.ts';
import {
  type InputSpec,
  type LayerSpec,
  type ModelSpec,
  modelSchema,
  outputUnits,
  type TaskSpec,
} from '../model/spec.ts';
import { checkStartFrom, type SourceModel } from './check-start-from.ts';
import type { StartFrom } from './start-from.ts';

export interface NamedSource extends SourceModel {
  source: StartFrom['source'];
}

/** The source that a configuration names, among those that are known. */
export function sourceIn<S extends NamedSource>(
  sources: readonly S[] | undefined,
  { startFrom }: Pick<RunConfig, 'startFrom'>,
): S | null {
  const key = startFrom && JSON.stringify(startFrom.source);
  return sources?.find((each) => JSON.stringify(each.source) === key) ?? null;
}

/**
 * The configuration with the source's layers up to `cutAfter` (by default the usual place), a new head, and all that is taken over frozen.
 * null where the source can't take this input.
 */
export function startWith(
  config: RunConfig,
  from: NamedSource,
  input: InputSpec,
  task: TaskSpec,
  cutAfter = usualCut(from),
): RunConfig | null {
  const model = headed(from, input, task, cutAfter);
  if (!model) return null;
  return { ...config, model, startFrom: { source: from.source, cutAfter, freezeUpTo: cutAfter, secondStage: null } };
}

/** Whether some of it can be taken over for these items. O(layers). */
export function canStartFrom(from: NamedSource, input: InputSpec, task: TaskSpec): boolean {
  return headed(from, input, task, usualCut(from)) !== null;
}

function headed(from: NamedSource, input: InputSpec, task: TaskSpec, cutAfter: string | null): ModelSpec | null {
  if (cutAfter === null || from.input.kind !== input.kind) return null;
  try {
    const model = withNewHead(from, cutAfter, input, task);
    const startFrom = { source: from.source, cutAfter, freezeUpTo: cutAfter, secondStage: null };
    checkStartFrom({ startFrom, epochs: 1 }, planModel(model, input, task), from);
    return model;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** Where a source can be cut: its layers but the answer, and those inside of residual blocks. Names, in order. */
export function cutPlaces(source: SourceModel): string[] {
  return layerNames(source.model).slice(0, -1);
}

/** Before the last layer with weights, the source's own answer: the usual place. null where nothing would be left. */
export function usualCut(source: SourceModel): string | null {
  const names = new Set(layerNames(source.model));
  const plan = planModel(source.model, source.input);
  const answer = plan.findLastIndex((layer) => layer.weights.length > 0);
  return plan.slice(0, answer).findLast((layer) => names.has(layer.name))?.name ?? null;
}

/**
 * The source's layers up to the cut, by their names, and a new head that answers the task: the mean of every channel where
 * the cut gives an image, then one dense layer. Throws what planModel throws when the source can't take this input.
 */
export function withNewHead(source: SourceModel, cutAfter: string, input: InputSpec, task: TaskSpec): ModelSpec {
  const names = layerNames(source.model);
  const named = source.model.layers.map((layer, i): LayerSpec => ({ ...layer, name: names[i]! }));
  const base = upTo(named, names, cutAfter);
  const last = planModel({ layers: base }, input).at(-1)!;
  const free = (name: string): string => (names.includes(name) ? free(`${name}_`) : name);
  return modelSchema.parse({
    layers: [
      ...base,
      ...(last.output.length === 3 ? [{ type: 'global_average_pool2d', name: free('pool') }] : []),
      { type: 'dense', name: free('head'), units: outputUnits(task) },
    ],
  });
}

/** The layer at the cut and everything that it depends on, in order; side branches that lead elsewhere fall away. */
function upTo(layers: readonly LayerSpec[], names: readonly string[], cutAfter: string): LayerSpec[] {
  const end = names.indexOf(cutAfter);
  const wanted = new Set([end]);
  for (let i = end; i >= 0; i--) {
    if (!wanted.has(i)) continue;
    const inputs = layers[i]!.inputs?.map((name) => names.indexOf(name)) ?? [i - 1];
    for (const at of inputs) wanted.add(at);
  }
  return layers.filter((_, i) => wanted.has(i));
}
