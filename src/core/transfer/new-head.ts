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
  cutAfter = usualCut(from, input, task),
): RunConfig | null {
  const model = cutAfter === null ? null : headed(from, input, task, cutAfter);
  if (!model) return null;
  return { ...config, model, startFrom: { source: from.source, cutAfter, freezeUpTo: cutAfter, secondStage: null } };
}

/** What the new last layer is called. */
const HEAD = 'head';

/** Whether the layers still end in the head that was put there. */
export function hasNewHead(model: ModelSpec): boolean {
  return (model.layers.at(-1)?.name ?? '').replace(/_+$/, '') === HEAD;
}

/** Cuts that are tried, from the answer backwards, before a source is said not to fit. */
const TRIES = 64;

/**
 * Where a source is best cut for these items; null where none of it fits. Of an image network what looks at the image is taken
 * over and the dense layers are new: they are the most particular to what was learned (Yosinski et al. 2014; docs/benchmarks.md
 * measures it). Of others all but the answer.
 */
export function usualCut(from: SourceModel, input: InputSpec, task: TaskSpec): string | null {
  const places = cutPlaces(from);
  // Whatever stands after the first layer with weights needs that one.
  if (places[0] === undefined || !headed(from, input, task, places[0])) return null;
  const plan = planModel(from.model, from.input);
  const dense = plan.findIndex((layer) => layer.spec.type === 'dense');
  const looking = plan.slice(0, dense).some((layer) => layer.weights.length > 0);
  const before = new Set(plan.slice(0, dense).map((layer) => layer.name));
  const wanted = looking ? places.filter((place) => before.has(place)) : places;
  return wanted.slice(-TRIES).findLast((place) => headed(from, input, task, place) !== null) ?? places[0];
}

/** Where the source can be cut for these items. */
export function fittingCuts(from: SourceModel, input: InputSpec, task: TaskSpec): string[] {
  return cutPlaces(from).filter((place) => headed(from, input, task, place) !== null);
}

/** The source's model up to the cut with a new head; null where it can't take these items so. */
export function headed(from: SourceModel, input: InputSpec, task: TaskSpec, cutAfter: string): ModelSpec | null {
  if (from.input.kind !== input.kind) return null;
  try {
    const model = withNewHead(from, cutAfter, input, task);
    const source = { model: '' };
    checkStartFrom(
      { startFrom: { source, cutAfter, freezeUpTo: cutAfter, secondStage: null }, epochs: 1 },
      planModel(model, input, task),
      from,
    );
    return model;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** From the first layer with weights to the one before the last, the source's own answer. Not inside of residual blocks. Names, in order. */
function cutPlaces({ model, input }: SourceModel): string[] {
  const names = new Set(layerNames(model));
  const plan = planModel(model, input);
  const first = plan.findIndex((layer) => layer.weights.length > 0);
  const answer = plan.findLastIndex((layer) => layer.weights.length > 0);
  return plan
    .slice(Math.max(0, first), Math.max(0, answer))
    .flatMap((layer) => (names.has(layer.name) ? [layer.name] : []));
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
      { type: 'dense', name: free(HEAD), units: outputUnits(task) },
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
