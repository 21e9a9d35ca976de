import type { Tensor } from '@tensorflow/tfjs';
import type { Activation } from '#core/model/spec.ts';
import { composedOps, type NativeOps } from '../model/composed-ops.ts';
import { LEAKY_RELU_SLOPE, type Ops, type Padding, type Size } from '../model/ops.ts';
import { tf } from '../tfjs.ts';
import { type Attribute, attr, FLOAT } from './attributes.ts';
import { DType } from './dtypes.ts';
import type { Runtime } from './runtime.ts';
import { batchNormAttributes, slicedBatchNorm } from './sliced-batch-norm.ts';

/** Runs one operation. */
export type Run = (op: string, inputs: Tensor[], attributes: Attribute[], outputs?: number) => Tensor[];
/** An operation with its gradient; both carry the name of the layer that is being built. `value` gives the answer, then what only the gradient needs. */
export type Differentiable = (
  inputs: Tensor[],
  value: (...inputs: Tensor[]) => Tensor[],
  gradient: (dy: Tensor, inputs: Tensor[], outputs: Tensor[]) => Tensor[],
) => Tensor;

/**
 * Every operation as TensorFlow's own kernel with TensorFlow's own gradient kernel, named by layer in a graph.
 * tfjs's gradients work too (see composed-ops) but take several passes over memory where these take one.
 */
export function fusedOps(runtime: Runtime): Ops {
  const { activation, ...composed } = composedOps(nativeOps(runtime));
  const run = runtime.execute.bind(runtime);

  const differentiable: Differentiable = (inputs, value, gradient) => {
    const scope = `${runtime.scope}/gradient`;
    const custom = tf.customGrad((...args) => {
      const save = args.pop() as unknown as (saved: Tensor[]) => void;
      const values = args as Tensor[];
      const outputs = value(...values);
      save([...values, ...outputs]);
      return {
        value: outputs[0]!,
        gradFunc: (dy: Tensor, saved: Tensor[]) =>
          runtime.scoped(scope, () => gradient(dy, saved.slice(0, values.length), saved.slice(values.length))),
      };
    });
    return custom(...inputs);
  };

  return {
    ...composed,
    scope: (layer, f) => composed.scope(layer, () => runtime.scoped(`${runtime.scope}/${layer}`, f)),
    onReplica: (replica, f) => runtime.onDevice(replica, f),
    dense: (x, kernel) =>
      differentiable(
        [x, kernel],
        (x, k) => run('MatMul', [x, k], transposed(false, false)),
        (dy, [x, k]) => [
          ...run('MatMul', [dy, k!], transposed(false, true)),
          ...run('MatMul', [x!, dy], transposed(true, false)),
        ],
      ),
    conv2d(x, kernel, strides, padding) {
      const attributes = windowed({ strides, padding });
      return differentiable(
        [x, kernel],
        (x, k) => run('Conv2D', [x, k], attributes),
        (dy, [x, k]) => [
          ...run('Conv2DBackpropInput', [tf.tensor1d(x!.shape, 'int32'), k!, dy], attributes),
          ...run('Conv2DBackpropFilter', [x!, tf.tensor1d(k!.shape, 'int32'), dy], attributes),
        ],
      );
    },
    depthwiseConv2d(x, kernel, stride, padding) {
      const attributes = windowed({ strides: [stride, stride], padding });
      return differentiable(
        [x, kernel],
        (x, k) => run('DepthwiseConv2dNative', [x, k], attributes),
        (dy, [x, k]) => [
          ...run('DepthwiseConv2dNativeBackpropInput', [tf.tensor1d(x!.shape, 'int32'), k!, dy], attributes),
          ...run('DepthwiseConv2dNativeBackpropFilter', [x!, tf.tensor1d(k!.shape, 'int32'), dy], attributes),
        ],
      );
    },
    conv2dTranspose(x, kernel, size, strides, padding) {
      const attributes = windowed({ strides, padding });
      const shape = tf.tensor1d([x.shape[0]!, ...size, kernel.shape[2]!], 'int32');
      return differentiable(
        [x, kernel],
        (x, k) => run('Conv2DBackpropInput', [shape, k, x], attributes),
        (dy, [x, k]) => [
          ...run('Conv2D', [dy, k!], attributes),
          ...run('Conv2DBackpropFilter', [dy, tf.tensor1d(k!.shape, 'int32'), x!], attributes),
        ],
      );
    },
    bias: (x, bias) =>
      differentiable(
        [x, bias],
        (x, b) => run('BiasAdd', [x, b], FLOAT),
        (dy) => [dy, ...run('BiasAddGrad', [dy], FLOAT)],
      ),
    pool(kind, x, size, strides, padding) {
      const attributes = windowed({ size, strides, padding });
      return differentiable(
        [x],
        (x) => run(kind === 'max' ? 'MaxPool' : 'AvgPool', [x], attributes),
        (dy, [x], [y]) =>
          kind === 'max'
            ? run('MaxPoolGrad', [x!, y!, dy], attributes)
            : run('AvgPoolGrad', [tf.tensor1d(x!.shape, 'int32'), dy], attributes),
      );
    },
    activation(kind, x) {
      const fused = FUSED_ACTIVATION[kind];
      if (!fused) return activation(kind, x);
      const { op, gradient, attributes, outputFirst } = fused;
      return differentiable(
        [x],
        (x) => run(op, [x], attributes),
        (dy, _, [y]) => run(gradient, outputFirst ? [y!, dy] : [dy, y!], attributes),
      );
    },
    batchNorm(xs, input) {
      if (xs.length > 1) return slicedBatchNorm(run, differentiable, xs, input);
      const { gamma, beta, mean, variance, momentum, epsilon } = input;
      const attributes = batchNormAttributes(epsilon, true);
      let statistics: Tensor[] = [];
      const y = differentiable(
        [xs[0]!, gamma, beta],
        (x, gamma, beta) => {
          const updating = [...attributes, attr.float('exponential_avg_factor', 1 - momentum)];
          const made = run('FusedBatchNormV3', [x, gamma, beta, mean, variance], updating, 6);
          statistics = made.splice(1, 2).map((t) => tf.keep(t));
          return made;
        },
        (dy, [x, gamma], [, ...reserved]) => run('FusedBatchNormGradV3', [dy, x!, gamma!, ...reserved], attributes, 3),
      );
      return { ys: [y], mean: statistics[0]!, variance: statistics[1]! };
    },
    crossEntropy(logits, labels) {
      const [op, attributes] =
        labels.dtype === 'float32'
          ? ['SoftmaxCrossEntropyWithLogits', FLOAT]
          : ['SparseSoftmaxCrossEntropyWithLogits', [...FLOAT, attr.type('Tlabels', DType.int32)]];
      return differentiable(
        [logits],
        (logits) => run(op as string, [logits, labels], attributes as Attribute[], 2),
        (dy, _, [, slope]) => [tf.mul(slope!, tf.expandDims(dy, 1))],
      );
    },
  };
}

/** What tfjs has no kernel for on TensorFlow, or none that can be compiled. */
export function nativeOps(runtime: Runtime): NativeOps {
  const run = runtime.execute.bind(runtime);
  // Philox (Salmon et al. 2011): the same numbers for the same step and salt, compiled or not.
  const random =
    (op: string): NativeOps['uniform'] =>
    (shape, step, salt) =>
      run(
        op,
        [tf.tensor1d(shape, 'int32'), tf.stack([step, tf.scalar(salt, 'int32')])],
        [attr.type('dtype', DType.float32), attr.type('T', DType.int32), attr.type('Tseed', DType.int32)],
      )[0]!;
  return {
    uniform: random('StatelessRandomUniform'),
    normal: random('StatelessRandomNormal'),
    transform: (images, maps) =>
      run(
        'ImageProjectiveTransformV3',
        [images, maps, tf.tensor1d(images.shape.slice(1, 3), 'int32'), tf.scalar(0)],
        [
          attr.type('dtype', DType.float32),
          attr.string('interpolation', 'BILINEAR'),
          attr.string('fill_mode', 'CONSTANT'),
        ],
      )[0]!,
    // One pass over memory where a square and a sum take two.
    norm: (tensors) => tf.sqrt(tf.mul(tf.addN(tensors.map((x) => run('L2Loss', [x], FLOAT)[0]!)), 2)),
    rows: (x, places) =>
      run(
        'GatherV2',
        [x, places, tf.scalar(0, 'int32')],
        [
          attr.type('Tparams', x.dtype === 'int32' ? DType.int32 : DType.float32),
          attr.type('Tindices', DType.int32),
          attr.type('Taxis', DType.int32),
        ],
      )[0]!,
  };
}

const transposed = (a: boolean, b: boolean) => [...FLOAT, attr.bool('transpose_a', a), attr.bool('transpose_b', b)];

function windowed({ size, strides, padding }: { size?: Size; strides: Size; padding: Padding }): Attribute[] {
  const nhwc = ([h, w]: Size) => [1, h, w, 1];
  const attributes = [
    ...FLOAT,
    attr.int('strides', nhwc(strides)),
    attr.string('padding', padding.toUpperCase()),
    attr.string('data_format', 'NHWC'),
  ];
  return size ? [...attributes, attr.int('ksize', nhwc(size))] : attributes;
}

/** Activations with a gradient kernel that needs the output alone: what they were applied to need not be kept. */
const FUSED_ACTIVATION: Partial<
  Record<Activation, { op: string; gradient: string; attributes: Attribute[]; outputFirst?: boolean }>
> = {
  relu: { op: 'Relu', gradient: 'ReluGrad', attributes: FLOAT },
  leaky_relu: {
    op: 'LeakyRelu',
    gradient: 'LeakyReluGrad',
    attributes: [...FLOAT, attr.float('alpha', LEAKY_RELU_SLOPE)],
  },
  elu: { op: 'Elu', gradient: 'EluGrad', attributes: FLOAT },
  selu: { op: 'Selu', gradient: 'SeluGrad', attributes: FLOAT },
  tanh: { op: 'Tanh', gradient: 'TanhGrad', attributes: FLOAT, outputFirst: true },
  sigmoid: { op: 'Sigmoid', gradient: 'SigmoidGrad', attributes: FLOAT, outputFirst: true },
};
