import { stepsPerEpoch } from '../config/check-config.ts';
import type { RunConfig, RunMode } from '../config/run-config.ts';
import type { BodyLayerSpec, LayerSpec } from '../model/spec.ts';
import { withDecay } from '../remedies/weight-penalty.ts';
import { RATE_STEPS } from './rate-finder.ts';

/** Checks that a person makes before a long run. None of them leaves a model: they can't be final and stand apart in every list. */

export interface ModeWords {
  name: string;
  /** one sentence: what it does and what it shows */
  about: string;
  /** on the button */
  launch: string;
}

export const MODE_WORDS: Record<RunMode, ModeWords> = {
  train: { name: 'Train', about: 'Trains, validates and keeps the best weights.', launch: 'Launch the run' },
  fast_dev_run: {
    name: 'Fast dev run',
    about: 'One train batch, one validation batch, one checkpoint, then it ends: finds what would crash in seconds.',
    launch: 'Launch the fast dev run',
  },
  overfit_batch: {
    name: 'Overfit one batch',
    about:
      'Trains on one batch alone, without remedies. A model, a rate and labels that fit together bring its loss near zero.',
    launch: 'Overfit one batch',
  },
  find_learning_rate: {
    name: 'Find the rate',
    about: 'Raises the learning rate step by step until the loss grows, and suggests where it fell fastest.',
    launch: 'Find the rate',
  },
};

/** Steps after which a batch that can be learnt by heart is, at a usual rate. */
export const OVERFIT_STEPS = 500;

export function isCheck(config: Pick<RunConfig, 'mode'>): boolean {
  // A configuration that an older version stored has no mode.
  return config.mode !== undefined && config.mode !== 'train';
}

/** Optimiser updates of the whole run, at most. */
export function totalSteps(
  config: Pick<RunConfig, 'mode' | 'epochs' | 'batchSize' | 'accumulate'>,
  trainItems: number,
): number {
  switch (config.mode) {
    case 'train':
      return config.epochs * stepsPerEpoch(trainItems, config);
    case 'fast_dev_run':
      return 1;
    case 'overfit_batch':
      return OVERFIT_STEPS;
    case 'find_learning_rate':
      return RATE_STEPS;
  }
}

/** What keeps a network from learning its items by heart is in the way of a run that is meant to do just that. */
export function withoutRemedies(config: RunConfig): RunConfig {
  return {
    ...config,
    model: { ...config.model, layers: config.model.layers.map(withoutNoise) },
    loss: config.loss && 'labelSmoothing' in config.loss ? { ...config.loss, labelSmoothing: 0 } : config.loss,
    optimizer: withDecay(config.optimizer, 0),
    l1: 0,
    l2: 0,
    ema: null,
    accumulate: 1,
    augmentation: null,
    earlyStopping: null,
    schedule: { kind: 'constant', warmupEpochs: 0 },
  };
}

function withoutNoise(layer: LayerSpec): LayerSpec {
  if (layer.type === 'residual') return { ...layer, layers: layer.layers.map((l) => withoutNoise(l) as BodyLayerSpec) };
  if (layer.type === 'gaussian_noise') return { ...layer, stddev: 0 };
  return layer.type === 'dropout' || layer.type === 'spatial_dropout' ? { ...layer, rate: 0 } : layer;
}
