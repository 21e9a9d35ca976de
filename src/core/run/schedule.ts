import type { RunConfig } from '../config/run-config.ts';

/**
 * Learning rate of the update with index `step` (from 0). Warm-up rises linearly to the configured rate
 * (Goyal et al. 2017, arXiv:1706.02677); the schedule proper starts after it. Cosine: Loshchilov and Hutter 2017, arXiv:1608.03983.
 */
export function learningRateAt(
  config: Pick<RunConfig, 'learningRate' | 'schedule' | 'epochs'>,
  step: number,
  stepsPerEpoch: number,
): number {
  const { learningRate, schedule } = config;
  const warmup = Math.round(schedule.warmupEpochs * stepsPerEpoch);
  if (step < warmup) return (learningRate * (step + 1)) / warmup;
  switch (schedule.kind) {
    case 'constant':
      return learningRate;
    case 'step':
      return learningRate * schedule.factor ** Math.floor((step - warmup) / (schedule.everyEpochs * stepsPerEpoch));
    case 'cosine': {
      const total = config.epochs * stepsPerEpoch - warmup;
      const done = Math.min(1, (step - warmup) / Math.max(1, total));
      return schedule.finalRate + (learningRate - schedule.finalRate) * 0.5 * (1 + Math.cos(Math.PI * done));
    }
  }
}
