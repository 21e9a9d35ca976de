import { hash32 } from '../hash32.ts';
import { sfc32 } from '../random.ts';
import type { WeightPlan } from './plan.ts';

/**
 * Initial values of one weight, the same on every engine and machine: Glorot uniform for kernels
 * (Glorot and Bengio 2010: U(-l, l), l = sqrt(6 / (fanIn + fanOut))), zeros and ones elsewhere.
 * A function of the run's seed and the weight's name alone, so that adding a layer leaves the others' values as they were.
 */
export function initialWeight(weight: WeightPlan, seed: number): Float32Array {
  const data = new Float32Array(weight.shape.reduce((a, b) => a * b, 1));
  if (weight.initial === 'ones') data.fill(1);
  if (weight.initial === 'glorot_uniform') {
    const limit = Math.sqrt(6 / (weight.fanIn + weight.fanOut));
    const next = sfc32(hash32(weight.name), seed, seed / 2 ** 32);
    for (let i = 0; i < data.length; i++) data[i] = (2 * (next() / 2 ** 32) - 1) * limit;
  }
  return data;
}
