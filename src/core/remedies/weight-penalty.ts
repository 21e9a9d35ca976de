import type { OptimizerSpec } from '../config/run-config.ts';
import { rateValue } from '../format/numbers.ts';
import type { Remedy } from './remedy.ts';

const START_L2 = 1e-4;
const START_DECAY = 0.01;
/** What one click multiplies by where there is a penalty already, and where it ends: above, most networks learn nothing. */
const STEP = 10;
const MOST_L2 = 0.1;
const MOST_DECAY = 0.5;

/** The next strength; null at the end. */
function raised(now: number, start: number, most: number): number | null {
  if (now === 0) return start;
  return now >= most ? null : Math.min(most, Number((STEP * now).toPrecision(6)));
}

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
  /** L2 0.0001, or AdamW's own decay 0.01; where there is some already, ten times as much, up to where little is learnt. */
  apply(config) {
    const { l2, optimizer } = config;
    if (optimizer.kind !== 'adamw') {
      const more = raised(l2, START_L2, MOST_L2);
      return more === null ? null : { ...config, l2: more };
    }
    const decay = raised(optimizer.weightDecay, START_DECAY, MOST_DECAY);
    return decay === null ? null : { ...config, optimizer: withDecay(optimizer, decay) };
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
