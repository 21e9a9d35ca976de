import type { Scalar } from '@tensorflow/tfjs';
import type { OptimizerSpec } from '#core/config/run-config.ts';
import { type StepScalars, slotsOf, updated } from '../optimizer.ts';
import { slotName } from '../state.ts';
import { attr, FLOAT } from './attributes.ts';
import type { GraphBuilder, Node, Target } from './graph.ts';
import type { Runtime } from './runtime.ts';
import type { Variables } from './variables.ts';

export type ScalarNodes = Record<keyof StepScalars, Node>;

/** The operations that update one weight and its slots in place: TensorFlow's fused kernel where it computes exactly what PyTorch does, else the composed update, recorded. */
export function updateNodes(
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
          rates as Record<keyof StepScalars, Scalar>,
        );
        return [
          variables.assign(name, node(next.weight)),
          ...slots.map((slot, i) => variables.assign(slot, node(next.slots[i]!))),
        ];
      });
  }
}
