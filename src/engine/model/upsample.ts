import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { tf } from '../tfjs.ts';
import type { Size } from './ops.ts';

/**
 * [B, H, W, C] -> [B, H * rows, W * columns, C], between pixel centres as PyTorch's Upsample without align_corners.
 * Linear in x, so two matrix products with constant matrices, one for each direction: every backend has their gradients.
 */
export function upsample(x: Tensor4D, [rows, columns]: Size, interpolation: 'nearest' | 'bilinear'): Tensor {
  const [b, h, w, c] = x.shape;
  const taller = tf.matMul(weights(h, rows, interpolation), tf.reshape(x, [b, h, w * c]));
  const wider = tf.matMul(weights(w, columns, interpolation), tf.reshape(taller, [b * h * rows, w, c]));
  return tf.reshape(wider, [b, h * rows, w * columns, c]);
}

/** float32 [1, n * factor, n]: what each place of the output takes of each of the input. */
function weights(n: number, factor: number, interpolation: 'nearest' | 'bilinear'): Tensor {
  const matrix = new Float32Array(n * factor * n);
  for (let i = 0; i < n * factor; i++) {
    const centre = Math.max(0, (i + 0.5) / factor - 0.5);
    const low = interpolation === 'nearest' ? Math.floor(i / factor) : Math.min(n - 1, Math.floor(centre));
    const high = Math.min(n - 1, low + 1);
    const share = interpolation === 'nearest' ? 0 : Math.min(1, centre - low);
    matrix[i * n + low]! += 1 - share;
    matrix[i * n + high]! += share;
  }
  return tf.tensor3d(matrix, [1, n * factor, n]);
}
