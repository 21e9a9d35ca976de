import type { OptimizerSpec } from '../config/run-config.ts';
import { rateValue } from '../format/numbers.ts';
import type { Remedy } from './remedy.ts';

export const START_L2 = 1e-4;
/** What one click multiplies by where there is a penalty already, and where it ends: above, most networks learn nothing. */
const STEP = 10;
const MOST = 0.1;

export const weightPenalty: Remedy = {
  id: 'weight_penalty',
  name: 'Weight penalty',
  sentences: [
    'Pulls weights towards zero, so that simple answers win over wild ones: L2 all of them, L1 the needless ones to zero itself, decay past the optimiser.',
    'Biases and norms are left alone unless you ask, and L1 and L2 are logged apart from the loss.',
  ],
  source: {
    label: 'Krogh and Hertz 1991',
    title: 'Krogh, Hertz: A Simple Weight Decay Can Improve Generalization. NIPS 4, 1991',
    url: 'https://papers.nips.cc/paper/1991/hash/8eefcfdf5990e441f0fb6f3fad709e21-Abstract.html',
  },
  /** L2 0.0001; where there is some already, ten times as much, up to 0.1. */
  apply(config) {
    if (config.l2 === 0) return { ...config, l2: START_L2 };
    return config.l2 >= MOST ? null : { ...config, l2: Math.min(MOST, Number((STEP * config.l2).toPrecision(6))) };
  },
  words({ l1, l2, optimizer }) {
    const decay = decayOf(optimizer);
    return [l1 > 0 && `L1 ${rateValue(l1)}`, l2 > 0 && `L2 ${rateValue(l2)}`, decay > 0 && `decay ${rateValue(decay)}`]
      .filter(Boolean)
      .join(', ');
  },
};

/** Decoupled weight decay (Loshchilov and Hutter 2019, arXiv:1711.05101), which AdamW alone has. */
export function decayOf(optimizer: OptimizerSpec): number {
  return optimizer.kind === 'adamw' ? optimizer.weightDecay : 0;
}

export function withDecay(optimizer: OptimizerSpec, weightDecay: number): OptimizerSpec {
  return optimizer.kind === 'adamw' ? { ...optimizer, weightDecay } : optimizer;
}
