import type { RunConfig } from '../config/run-config.ts';

/** A run trains in one stage, or in two: first with layers frozen, then all of them at a learning rate of its own. */
export interface Stage {
  number: 1 | 2;
  /** epochs done before it */
  startEpoch: number;
  /** what the schedule of this stage goes by */
  config: Pick<RunConfig, 'learningRate' | 'schedule' | 'epochs'>;
}

/** The stage in which the epoch after `epochsDone` is trained. */
export function stageAt(config: RunConfig, epochsDone: number): Stage {
  const second = config.startFrom?.secondStage;
  if (!second || epochsDone < second.epoch) return { number: 1, startEpoch: 0, config };
  const { learningRate, epoch } = second;
  return {
    number: 2,
    startEpoch: epoch,
    config: { schedule: config.schedule, learningRate, epochs: config.epochs - epoch },
  };
}
