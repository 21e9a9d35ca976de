import type { Tensor4D } from '@tensorflow/tfjs';
import { tf } from '../tfjs.ts';
import { registerDepthwiseGradients } from './depthwise-gradients.ts';

type Pair = [height: number, width: number];

/** Gradient kernels that tfjs's wasm backend (4.22) lacks or has wrong. The contract suite compares each with TensorFlow's own. */
export function registerGradientKernels(backendName: string): void {
  if (tf.getKernel('Conv2DBackpropFilter', backendName)) return;
  registerDepthwiseGradients(backendName);
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as unknown as { x: Tensor4D; dy: Tensor4D };
      const { strides, pad, filterShape } = attrs as unknown as {
        strides: Pair;
        pad: 'valid' | 'same';
        filterShape: [number, number, number, number];
      };
      return tf.tidy(() => conv2dBackpropFilter(x, dy, strides, pad, filterShape));
    },
  });
  // The backend's own answers wrong gradients where a window holds negative numbers alone.
  tf.unregisterKernel('MaxPoolGrad', backendName);
  tf.registerKernel({
    kernelName: 'MaxPoolGrad',
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      const { input, dy } = inputs as unknown as { input: Tensor4D; dy: Tensor4D };
      const { filterSize, strides, pad } = attrs as unknown as {
        filterSize: Pair;
        strides: Pair;
        pad: 'valid' | 'same';
      };
      return maxPoolGrad(input, dy, filterSize, strides, pad);
    },
  });
}

/** For each place in the kernel the inputs under it [B * H' * W', C], transposed, times dy [B * H' * W', F]: kh * kw matrix products. */
function conv2dBackpropFilter(
  x: Tensor4D,
  dy: Tensor4D,
  strides: Pair,
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

/** Each window hands its slope to its first largest input, as TensorFlow does. In JavaScript: O(outputs * window). */
function maxPoolGrad(input: Tensor4D, dy: Tensor4D, size: Pair, strides: Pair, pad: 'valid' | 'same'): Tensor4D {
  const [batch, height, width, channels] = input.shape;
  const { padInfo, outHeight, outWidth } = tf.backend_util.computePool2DInfo(input.shape, size, strides, 1, pad);
  const x = input.dataSync();
  const slopes = dy.dataSync();
  const dx = new Float32Array(x.length);
  let at = 0;
  for (let b = 0; b < batch; b++)
    for (let row = 0; row < outHeight; row++) {
      const top = row * strides[0] - padInfo.top;
      for (let column = 0; column < outWidth; column++) {
        const left = column * strides[1] - padInfo.left;
        for (let c = 0; c < channels; c++) {
          let largest = -1;
          for (let i = Math.max(0, top); i < Math.min(height, top + size[0]); i++)
            for (let j = Math.max(0, left); j < Math.min(width, left + size[1]); j++) {
              const place = ((b * height + i) * width + j) * channels + c;
              if (largest < 0 || x[place]! > x[largest]!) largest = place;
            }
          dx[largest]! += slopes[at++]!;
        }
      }
    }
  return tf.tensor4d(dx, input.shape);
}
