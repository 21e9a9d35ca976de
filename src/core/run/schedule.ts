import type { RunConfig, ScheduleSpec } from '../config/run-config.ts';

/**
 * Learning rate of the update with index `step` (from 0). Warm-up rises linearly to the configured rate
 * (Goyal et al. 2017, arXiv:1706.02677); the schedule proper starts after it. Cosine: Loshchilov and Hutter 2017, arXiv:1608.03983.
 * One cycle: Smith and Topin 2018, arXiv:1708.07120, as torch.optim.lr_scheduler.OneCycleLR has it, the momentum left alone.
 * @param falls how often a plateau was met: plateau.ts counts them
 */
export function learningRateAt(
  config: Pick<RunConfig, 'learningRate' | 'schedule' | 'epochs'>,
  step: number,
  stepsPerEpoch: number,
  falls = 0,
): number {
  const { learningRate, schedule } = config;
  const warmup = Math.round(warmupEpochs(schedule) * stepsPerEpoch);
  if (step < warmup) return (learningRate * (step + 1)) / warmup;
  const since = step - warmup;
  switch (schedule.kind) {
    case 'constant':
      return learningRate;
    case 'step':
      return learningRate * schedule.factor ** Math.floor(since / (schedule.everyEpochs * stepsPerEpoch));
    case 'exponential':
      return learningRate * schedule.factor ** (since / stepsPerEpoch);
    case 'cosine': {
      const total = config.epochs * stepsPerEpoch - warmup;
      return halfCosine(learningRate, schedule.finalRate, since / Math.max(1, total));
    }
    case 'plateau':
      return Math.max(Math.min(schedule.finalRate, learningRate), learningRate * schedule.factor ** falls);
    case 'one_cycle': {
      const last = config.epochs * stepsPerEpoch - 1;
      const peak = schedule.rise * (last + 1) - 1;
      const start = learningRate / schedule.startDivisor;
      return step <= peak && peak > 0
        ? halfCosine(start, learningRate, step / peak)
        : halfCosine(learningRate, start / schedule.endDivisor, (step - peak) / Math.max(1, last - peak));
    }
  }
}

/** Epochs in which the rate rises before the schedule proper. */
export function warmupEpochs(schedule: ScheduleSpec): number {
  return schedule.kind === 'one_cycle' ? 0 : schedule.warmupEpochs;
}

/** From `start` to `end` while `done` goes from 0 to 1. */
function halfCosine(start: number, end: number, done: number): number {
  return end + (start - end) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, Math.max(0, done))));
}
