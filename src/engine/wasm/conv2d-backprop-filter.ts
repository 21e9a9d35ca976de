import type { Tensor4D } from '@tensorflow/tfjs';
import { tf } from '../tfjs.ts';

/**
 * The gradient of a convolution by its kernel, which the wasm backend lacks, from operations that it has: for each place in the
 * kernel the inputs under it [B * H' * W', C], transposed, times dy [B * H' * W', F]. kh * kw matrix products.
 */
export function registerConv2DBackpropFilter(backendName: string): void {
  if (tf.getKernel('Conv2DBackpropFilter', backendName)) return;
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as unknown as { x: Tensor4D; dy: Tensor4D };
      const { strides, pad, filterShape } = attrs as unknown as {
        strides: number | [number, number];
        pad: 'valid' | 'same';
        filterShape: [number, number, number, number];
      };
      return tf.tidy(() => backpropFilter(x, dy, strides, pad, filterShape));
    },
  });
}

function backpropFilter(
  x: Tensor4D,
  dy: Tensor4D,
  strides: number | [number, number],
  pad: 'valid' | 'same',
  [kh, kw, c, f]: [number, number, number, number],
): Tensor4D {
  const { padInfo, strideHeight, strideWidth } = tf.backend_util.computeConv2DInfo(
    x.shape,
    [kh, kw, c, f],
    strides,
    1,
    pad,
  );
  const padded = tf.pad(x, [
    [0, 0],
    [padInfo.top, padInfo.bottom],
    [padInfo.left, padInfo.right],
    [0, 0],
  ]);
  const [b, h, w] = dy.shape;
  const slopes = tf.reshape(dy, [b * h * w, f]);
  const places = [];
  for (let i = 0; i < kh; i++)
    for (let j = 0; j < kw; j++) {
      const end = [b, i + (h - 1) * strideHeight + 1, j + (w - 1) * strideWidth + 1, c];
      const under = tf.stridedSlice(padded, [0, i, j, 0], end, [1, strideHeight, strideWidth, 1]);
      places.push(tf.matMul(tf.reshape(under, [b * h * w, c]), slopes, true, false));
    }
  return tf.reshape(tf.stack(places), [kh, kw, c, f]);
}
