import type { Scalar } from '@tensorflow/tfjs';
import type { OptimizerSpec } from '#core/config/run-config.ts';
import { plannedWeights } from '#core/model/plan.ts';
import type { FitSpec } from '../engine.ts';
import { isPenalised } from '../model/penalty.ts';
import type { Problem } from '../model/problem.ts';
import { type StepScalars, slotsOf, updated, withoutDecay } from '../optimizer.ts';
import { averageName, slotName } from '../state.ts';
import { attr, FLOAT } from './attributes.ts';
import { DType, type NumberArray } from './dtypes.ts';
import type { GraphBuilder, Node, Target } from './graph.ts';
import type { Runtime } from './runtime.ts';
import type { Workspace } from './step-program.ts';
import type { Variables } from './variables.ts';

/** In the order of scalarFeeds. */
export type ScalarNodes = Record<'rate' | 'epsilon' | 'decay', Node> & { taken?: Node };

export function scalarPlaceholders(builder: GraphBuilder, scope: string, { ema }: Pick<FitSpec, 'ema'>): ScalarNodes {
  const scalar = (name: string) => builder.placeholder(`${scope}/${name}`, DType.float32, []);
  const scalars = { rate: scalar('rate'), epsilon: scalar('epsilon'), decay: scalar('decay') };
  return ema ? { ...scalars, taken: scalar('taken') } : scalars;
}

export function scalarFeeds({ rate, epsilon, decay, taken }: StepScalars): NumberArray[] {
  return [rate, epsilon, decay, ...(taken === undefined ? [] : [taken])].map((value) => Float32Array.of(value));
}

/** All that one step changes: weights and slots by their gradients, batch norm's statistics, then the averages. */
export function updateAll(
  { runtime, builder, variables }: Workspace,
  { plan, penalise }: Pick<Problem, 'plan' | 'penalise'>,
  optimizer: OptimizerSpec,
  scope: string,
  made: { gradients: ReadonlyMap<string, Node>; statistics: ReadonlyMap<string, Node> },
  scalars: ScalarNodes,
): Target[] {
  const weights = plannedWeights([...plan]);
  const updates = weights.flatMap((weight) => {
    const gradient = made.gradients.get(weight.name);
    if (!gradient) return [];
    const own = isPenalised(weight, penalise) ? optimizer : withoutDecay(optimizer);
    return updateNodes(runtime, builder, variables, own, scope, weight.name, gradient, scalars);
  });
  for (const [name, value] of made.statistics) updates.push(variables.assign(name, value));
  const { taken } = scalars;
  if (!taken) return updates;
  return [...updates, ...weights.map(({ name }) => average(builder, variables, scope, name, taken, updates))];
}

/** average + (weight - average) * taken, the weight read once `updates` are done. */
function average(
  builder: GraphBuilder,
  variables: Variables,
  scope: string,
  name: string,
  taken: Node,
  updates: readonly Target[],
): Target {
  const at = `${scope}/${name}/average`;
  const types = [attr.type('dtype', DType.float32)];
  const weight = builder.operation('ReadVariableOp', at, [variables.handle(name)], types, updates).outputs[0]!;
  const old = variables.read(averageName(name));
  const moved = builder.node('Mul', at, [builder.node('Sub', at, [weight, old], FLOAT), taken], FLOAT);
  return variables.assign(averageName(name), builder.node('AddV2', at, [old, moved], FLOAT));
}

/** The operations that update one weight and its slots in place: TensorFlow's fused kernel where it computes exactly what PyTorch does, else the composed update, recorded. */
function updateNodes(
  runtime: Runtime,
  builder: GraphBuilder,
  variables: Variables,
  optimizer: OptimizerSpec,
  scope: string,
  name: string,
  gradient: Node,
  scalars: ScalarNodes,
): Target[] {
  const at = `${scope}/${name}/update`;
  const slots = slotsOf(optimizer).map((slot) => slotName(slot, name));
  const handles = [name, ...slots].map((n) => variables.handle(n));
  const number = (value: number) => builder.constant(`${at}/const`, Float32Array.of(value));
  switch (optimizer.kind) {
    case 'sgd': {
      if (!slots.length)
        return [builder.operation('ResourceApplyGradientDescent', at, [...handles, scalars.rate, gradient], FLOAT)];
      const nesterov = attr.bool('use_nesterov', optimizer.nesterov);
      return [
        builder.operation(
          'ResourceApplyMomentum',
          at,
          [...handles, scalars.rate, gradient, number(optimizer.momentum)],
          [...FLOAT, nesterov],
        ),
      ];
    }
    case 'adam':
    case 'adamw': {
      // Bias correction is in the rate already: beta powers of zero switch the kernel's own off.
      const zero = number(0);
      const inputs = [
        ...handles,
        zero,
        zero,
        scalars.rate,
        number(optimizer.beta1),
        number(optimizer.beta2),
        scalars.epsilon,
        gradient,
      ];
      if (optimizer.kind === 'adam') return [builder.operation('ResourceApplyAdam', at, inputs, FLOAT)];
      const decayed = builder.node('Mul', `${at}/decay`, [variables.read(name), scalars.decay], FLOAT);
      return [builder.operation('ResourceApplyAdam', at, inputs, FLOAT, [variables.assign(name, decayed)])];
    }
    case 'adagrad':
      return [
        builder.operation('ResourceApplyAdagradV2', at, [...handles, scalars.rate, scalars.epsilon, gradient], FLOAT),
      ];
    // TensorFlow's kernel takes epsilon under the root and keeps the rate in the momentum; PyTorch does neither.
    case 'rmsprop':
      return runtime.trace(builder, at, ({ tensor, node }) => {
        const read = (n: string) => tensor(variables.read(n));
        const rates = { rate: tensor(scalars.rate), epsilon: tensor(scalars.epsilon), decay: tensor(scalars.decay) };
        const next = updated(
          optimizer,
          read(name),
          tensor(gradient),
          slots.map(read),
          rates as Record<keyof typeof rates, Scalar>,
        );
        return [
          variables.assign(name, node(next.weight)),
          ...slots.map((slot, i) => variables.assign(slot, node(next.slots[i]!))),
        ];
      });
  }
}
