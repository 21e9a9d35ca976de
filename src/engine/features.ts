import { AppError } from '#core/errors.ts';
import { INPUT } from '#core/model/names.ts';
import { type LayerPlan, plannedWeights } from '#core/model/plan.ts';
import type { Fit, FitSpec, ItemArray, TensorMap } from './engine.ts';
import type { Problem } from './model/problem.ts';
import { itemSize, type Part } from './part.ts';
import { initialState, pickWeights } from './state.ts';

/**
 * What frozen layers make of an item is the same in every step: computed once for the whole of both parts, the rest of the
 * model then trains on those features alone. Not where items change from step to step (augmentation), where they are
 * streamed, or where the features would take more than `FitSpec.featureBytes`.
 */
const FEATURE_BYTES = 1024 ** 3;

/** Random in training, unless they are frozen. */
const RANDOM: ReadonlySet<string> = new Set(['dropout', 'spatial_dropout', 'gaussian_noise']);

export interface Split {
  base: LayerPlan[];
  /** reads what the base gives as its input */
  head: LayerPlan[];
}

/**
 * The longest start of the model that gives the same for an item in every step and hands on one array alone: frozen layers, and
 * the pooling and the like right after them. null where no frozen weights are in it. O(layers squared) at worst.
 */
export function splitAtFeatures(plan: readonly LayerPlan[]): Split | null {
  const changing = plan.findIndex(
    (layer) => !layer.frozen && (layer.weights.length > 0 || RANDOM.has(layer.spec.type)),
  );
  for (let end = changing < 0 ? plan.length - 1 : changing; end > 0; end--) {
    const base = plan.slice(0, end);
    const head = plan.slice(end);
    if (!base.some((layer) => layer.weights.length > 0)) return null;
    const inside = new Set([base.at(-1)!.name, ...head.map((layer) => layer.name)]);
    if (!head.every((layer) => layer.inputs.every((name) => inside.has(name)))) continue;
    const renamed = (name: string) => (name === base.at(-1)!.name ? INPUT : name);
    return { base, head: head.map((layer) => ({ ...layer, inputs: layer.inputs.map(renamed) })) };
  }
  return null;
}

type Parts = { train: Part; validation: Part };
type Infer = (plan: LayerPlan[], weights: TensorMap, x: ItemArray, n: number) => Promise<Float32Array>;

/** A fit by `open`, of the whole model or, where that gives the same, of its head on features that `infer` computes once. */
export async function openWithFeatures(
  problem: Problem,
  spec: FitSpec,
  parts: Parts,
  open: (problem: Problem, spec: FitSpec, parts: Parts) => Promise<Fit>,
  infer: Infer,
): Promise<Fit> {
  const split = spec.augmentation ? null : splitAtFeatures(problem.plan);
  const { train, validation } = parts;
  if (!split || !ArrayBuffer.isView(train.x) || !ArrayBuffer.isView(validation.x)) return open(problem, spec, parts);
  const shape = split.base.at(-1)!.output;
  const size = shape.reduce((a, b) => a * b, 1);
  const bytes = 4 * size * (train.n + validation.n);
  if (bytes > (spec.featureBytes ?? FEATURE_BYTES)) return open(problem, spec, parts);
  const whole = initialState([...problem.plan], spec);
  const frozen = pickWeights(split.base, whole);
  const fixed = new Map([...whole].filter(([name]) => frozen.has(name.replace(/^ema\//, ''))));
  const features = async (part: Part): Promise<Part> => ({
    ...part,
    x: await infer(split.base, frozen, part.x as ItemArray, part.n),
    itemShape: shape,
    bytes: false,
  });
  const computed = { train: await features(train), validation: await features(validation) };
  const initial = new Map([...whole].filter(([name]) => !fixed.has(name)));
  const fit = await open({ ...problem, plan: split.head }, { ...spec, initial }, computed);
  const what = `What the frozen layers up to ${split.base.at(-1)!.name} give is computed once: ${size} numbers an item in place of ${itemSize(train)}.`;
  return new FeatureFit(
    fit,
    fixed,
    plannedWeights([...problem.plan]).map((w) => w.name),
    what,
  );
}

/** The fit of a head, which speaks of the whole model. */
class FeatureFit implements Fit {
  readonly #fit: Fit;
  /** weights, and what is kept beside them, of the layers that are left out */
  readonly #fixed: TensorMap;
  /** names of the whole model's weights */
  readonly #order: readonly string[];
  readonly #what: string;

  constructor(fit: Fit, fixed: TensorMap, order: readonly string[], what: string) {
    this.#fit = fit;
    this.#fixed = fixed;
    this.#order = order;
    this.#what = what;
  }

  get mode(): Fit['mode'] {
    const { kind, reason } = this.#fit.mode;
    return { kind, reason: `${reason} ${this.#what}` };
  }

  get threads(): number {
    return this.#fit.threads;
  }

  step(...of: Parameters<Fit['step']>) {
    return this.#fit.step(...of);
  }

  prefetch(): void {}

  evaluate(part: 'train' | 'validation') {
    return this.#fit.evaluate(part);
  }

  async weights(): Promise<TensorMap> {
    const all = new Map([...this.#fixed, ...(await this.#fit.weights())]);
    return new Map(this.#order.map((name) => [name, all.get(name)!]));
  }

  trainable() {
    return this.#fit.trainable();
  }

  async state(): Promise<TensorMap> {
    return new Map([...this.#fixed, ...(await this.#fit.state())]);
  }

  async restore(state: TensorMap): Promise<void> {
    for (const [name, { data }] of this.#fixed) {
      const given = state.get(name);
      if (!given || given.data.length !== data.length || data.some((value, i) => !Object.is(value, given.data[i])))
        throw new AppError('invalid_data', `The checkpoint has other weights in "${name}", which is frozen.`);
    }
    await this.#fit.restore(state);
  }

  close() {
    return this.#fit.close();
  }
}
