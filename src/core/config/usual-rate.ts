import type { OptimizerSpec } from './run-config.ts';

/** What most libraries start with, and up to which steps build up as they do by it. */
export const USUAL_MOMENTUM = 0.9;

/**
 * The learning rate that runs most often start from: 0.001 of Adam and its kin (Kingma and Ba 2014), 0.01 of SGD. Under momentum m a
 * gradient that stays comes to 1 / (1 - m) times its step in the end (Goodfellow 2016, ch. 8.3.2), so a momentum above 0.9 asks for less.
 */
export function usualRate(optimizer: OptimizerSpec): number {
  const rate = optimizer.kind === 'sgd' ? 0.01 : 0.001;
  return Number((rate * Math.min(1, (1 - momentumOf(optimizer)) / (1 - USUAL_MOMENTUM))).toPrecision(2));
}

/** 0 where an optimiser has none. */
export function momentumOf(optimizer: OptimizerSpec): number {
  return 'momentum' in optimizer ? optimizer.momentum : 0;
}
