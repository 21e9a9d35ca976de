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
    const next = generator(seed, weight.name);
    for (let i = 0; i < data.length; i++) data[i] = (2 * next() - 1) * limit;
  }
  return data;
}

/** sfc32 (PractRand, Doty-Humphrey), seeded by an FNV-1a hash of the name and the seed; numbers in [0, 1) with 24 bits. */
function generator(seed: number, name: string): () => number {
  let a = hashName(name);
  let b = seed | 0;
  let c = (seed / 2 ** 32) | 0;
  let counter = 1;
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 8) / 2 ** 24;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** FNV-1a, 32 bits, over UTF-16 units. Also keys a layer's random ops. */
export function hashName(name: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  return h | 0;
}
