import type { Precision } from '#core/config/run-config.ts';
import type { LayerPlan } from '#core/model/plan.ts';
import { batchTensors, tensorOf } from '../eager/eager-fit.ts';
import type { ItemArray, NamedTensor, TensorMap } from '../engine.ts';
import { withDraws } from '../model/augment.ts';
import { differentiate } from '../model/objective.ts';
import type { Problem } from '../model/problem.ts';
import type { Part } from '../part.ts';
import { onBackend, tf } from '../tfjs.ts';
import { firstDifference, observe } from './first-difference.ts';
import { BACKEND, type Runtime } from './runtime.ts';
import { GRADIENT, namedOutputs, type StepProgram } from './step-program.ts';

/** The share of its largest number by which an array may differ: float32 sums in another order; bfloat16 has 8 bits of a number, and the same program was compared in float32 before. */
const TOLERANCE: Record<Precision, number> = { float32: 1e-4, bf16: 0.25 };
/** Gradients that are near zero hold rounding alone: none counts as smaller than this share of the largest of all. */
const FLOOR = 1e-2;
/**
 * An activation that rounds to the other side of relu's kink, or another winner in max pooling, moves a gradient by more than that,
 * in both ways of computing alike. How much is measured: by the eager gradient's own change when every weight moves by this share.
 * A wrong gradient is off by 1e-1 and more.
 */
const NUDGE = 1e-5;
const LARGEST_KINK = 1e-2;

type Values = ReadonlyMap<string, ArrayLike<number>>;

interface Checked {
  problem: Problem;
  weights: TensorMap;
  part: Part;
  /** of one batch */
  indices: Int32Array;
  /** the batch's inputs where the part stays in its file */
  rows: ItemArray | undefined;
  /** of each operation of the compiled step */
  threads: number;
  precision: Precision | undefined;
}

/**
 * Compares the compiled step with the same step run eagerly, operation by operation, on one batch cut into the same slices: loss,
 * penalty, every gradient and batch norm's statistics. Changes no state. Returns what differs in words, with the first node that
 * does, or nothing.
 */
export async function checkStep(
  runtime: Runtime,
  program: StepProgram,
  { problem, weights, part, indices, rows, threads, precision = 'float32' }: Checked,
): Promise<string | undefined> {
  const tolerance = TOLERANCE[precision];
  const compiled: Values = await program.inspect(indices, 0, rows);
  const eagerly = (weights: TensorMap) =>
    runtime.onThreads(threads, () => eagerStep(problem, weights, part, indices, rows));
  const compare = (eager: Values, allowed: (name: string, expected: ArrayLike<number>, floor: number) => number) => {
    const loss = relativeDifference(objective(compiled), objective(eager));
    if (!(loss <= tolerance)) return `the loss differs by ${loss.toExponential(1)} of itself`;
    const floorOf = floors(problem.plan, eager);
    for (const [name, expected] of eager) {
      // Of its four numbers the loss and the penalty were compared; the metric may count an item that is near a tie otherwise.
      if (name === 'result') continue;
      const floor = floorOf(name);
      const difference = relativeDifference(compiled.get(name)!, expected, floor);
      if (!(difference <= tolerance) && !(difference <= tolerance + allowed(name, expected, floor)))
        return `${name} differs by ${difference.toExponential(1)} of its largest number`;
    }
    return undefined;
  };
  let nudged: Values | undefined;
  const differs = compare(eagerly(weights), (name, expected, floor) => {
    nudged ??= eagerly(nudge(weights));
    return Math.min(LARGEST_KINK, relativeDifference(nudged.get(name)!, expected, floor));
  });
  if (!differs) return undefined;
  const seen = observe(runtime, () => eagerly(weights));
  const node = await firstDifference(program, seen, indices, rows);
  return `${differs} between the compiled step and the eager one${node ? `; the first node that differs is ${node}` : ''}`;
}

/**
 * What a value of that name is at least measured by. The gradient of a bias that batch norm takes away again is zero in exact
 * arithmetic; what it holds is the rounding of sums of the same terms as its kernel's.
 */
function floors(plan: readonly LayerPlan[], values: Values): (name: string) => number {
  const gradients = [...values].filter(([name]) => name.startsWith(GRADIENT));
  const least = FLOOR * Math.max(...gradients.map(([, gradient]) => largest(gradient)));
  const normed = new Set(plan.flatMap(({ spec, inputs }) => (spec.type === 'batch_norm' ? inputs : [])));
  const cancelled = new Map(
    [...normed].map((layer) => {
      const own = gradients.filter(([name]) => name.startsWith(`${GRADIENT}${layer}/`));
      return [`${GRADIENT}${layer}/bias`, Math.max(0, ...own.map(([, gradient]) => largest(gradient)))];
    }),
  );
  return (name) => Math.max(least, cancelled.get(name) ?? 0);
}

/** Loss and penalty. */
function objective(values: Values): number[] {
  return [values.get('result')![0]!, values.get('result')![1]!];
}

function eagerStep(
  problem: Problem,
  given: TensorMap,
  part: Part,
  indices: Int32Array,
  rows: ItemArray | undefined,
): Values {
  return onBackend(BACKEND, () => {
    const weights = new Map([...given].map(([name, tensor]) => [name, tensorOf(tensor)]));
    const made = differentiate(
      problem,
      weights,
      withDraws(problem, batchTensors(part, indices, rows), 0),
      tf.scalar(0, 'int32'),
    );
    const outputs = namedOutputs(made.result, made.gradients, made.statistics);
    const values = new Map([...outputs].map(([name, t]) => [name, t.dataSync()]));
    tf.dispose([...made.statistics.values()]);
    return values;
  });
}

/** Every weight times 1 + NUDGE or 1 - NUDGE. */
function nudge(weights: TensorMap): TensorMap {
  const moved = ({ shape, data }: NamedTensor): NamedTensor => {
    const copy = Float32Array.from(data);
    for (let i = 0; i < copy.length; i++) copy[i]! *= Math.imul(i + 1, 0x9e3779b1) < 0 ? 1 - NUDGE : 1 + NUDGE;
    return { shape, dtype: 'float32', data: copy };
  };
  return new Map([...weights].map(([name, tensor]) => [name, moved(tensor)]));
}

/** Largest difference over the largest number, or over `floor` where that is more. Infinite where only one is NaN. */
export function relativeDifference(a: ArrayLike<number>, b: ArrayLike<number>, floor = 1e-6): number {
  let difference = 0;
  for (let i = 0; i < b.length; i++) {
    if (Number.isNaN(a[i]) && Number.isNaN(b[i])) continue;
    if (Number.isNaN(a[i]) || Number.isNaN(b[i])) return Number.POSITIVE_INFINITY;
    difference = Math.max(difference, Math.abs(a[i]! - b[i]!));
  }
  // A batch without a single target has gradients of zero throughout: 0 / 0.
  return difference === 0 ? 0 : difference / Math.max(floor, largest(b));
}

function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!) || 0);
  return most;
}
