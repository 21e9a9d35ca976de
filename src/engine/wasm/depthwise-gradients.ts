import type { Tensor4D } from '@tensorflow/tfjs';
import { tf } from '../tfjs.ts';

type Pair = [height: number, width: number];
type Shape = [number, number, number, number];

/** The gradients of a depthwise convolution, which tfjs's wasm backend (4.22) lacks. In JavaScript: O(outputs * kernel). */
export function registerDepthwiseGradients(backendName: string): void {
  tf.registerKernel({
    kernelName: 'DepthwiseConv2dNativeBackpropInput',
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      const { dy, filter } = inputs as unknown as { dy: Tensor4D; filter: Tensor4D };
      const { inputShape, strides, pad } = attrs as unknown as { inputShape: Shape; strides: Pair; pad: Padding };
      const [slopes, kernel] = [dy.dataSync(), filter.dataSync()];
      const dx = new Float32Array(tf.util.sizeFromShape(inputShape));
      eachProduct(inputShape, filter.shape, strides, pad, (input, weight, output) => {
        dx[input]! += slopes[output]! * kernel[weight]!;
      });
      return tf.tensor4d(dx, inputShape);
    },
  });
  tf.registerKernel({
    kernelName: 'DepthwiseConv2dNativeBackpropFilter',
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as unknown as { x: Tensor4D; dy: Tensor4D };
      const { filterShape, strides, pad } = attrs as unknown as { filterShape: Shape; strides: Pair; pad: Padding };
      const [values, slopes] = [x.dataSync(), dy.dataSync()];
      const kernel = new Float32Array(tf.util.sizeFromShape(filterShape));
      eachProduct(x.shape, filterShape, strides, pad, (input, weight, output) => {
        kernel[weight]! += values[input]! * slopes[output]!;
      });
      return tf.tensor4d(kernel, filterShape);
    },
  });
}

type Padding = 'valid' | 'same';

/** Calls `use` with the places of every input, weight and output that meet in the convolution. */
function eachProduct(
  inputShape: Shape,
  filterShape: Shape,
  strides: Pair,
  pad: Padding,
  use: (input: number, weight: number, output: number) => void,
): void {
  const info = tf.backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad, 'floor', true);
  const [batch, height, width, channels] = inputShape;
  const [kh, kw, , many] = filterShape;
  let output = 0;
  for (let b = 0; b < batch; b++)
    for (let row = 0; row < info.outHeight; row++)
      for (let column = 0; column < info.outWidth; column++, output += channels * many)
        for (let i = 0; i < kh; i++) {
          const y = row * info.strideHeight - info.padInfo.top + i;
          if (y < 0 || y >= height) continue;
          for (let j = 0; j < kw; j++) {
            const x = column * info.strideWidth - info.padInfo.left + j;
            if (x < 0 || x >= width) continue;
            const input = ((b * height + y) * width + x) * channels;
            const weight = (i * kw + j) * channels;
            for (let c = 0; c < channels; c++)
              for (let m = 0; m < many; m++) use(input + c, (weight + c) * many + m, output + c * many + m);
          }
        }
}
