import { isOn, TRANSFORMS } from '../../augmentation/spec.ts';
import { dropoutRates } from '../../config/dropout.ts';
import { guessedClasses } from '../../config/objective.ts';
import type { RunConfig } from '../../config/run-config.ts';
import { momentumOf, usualRate } from '../../config/usual-rate.ts';
import type { DatasetSchema } from '../../data/dataset-schema.ts';
import { leafLayers } from '../../model/spec.ts';
import type { DiagnosisFacts } from './kinds.ts';

export function diagnosisFacts(run: {
  config: RunConfig;
  stopReason: string | null;
  schema: DatasetSchema;
  trainItems: number;
  validationItems: number;
}): DiagnosisFacts {
  const { config, schema } = run;
  return {
    guess: guessedLoss(config, schema),
    trainItems: run.trainItems,
    validationItems: run.validationItems,
    dropout: dropoutRates(config.model),
    augmented: config.augmentation !== null && TRANSFORMS.some((t) => isOn(config.augmentation!, t)),
    unlike: unlikeValidation(config),
    patience: config.earlyStopping?.metric === 'loss' ? config.earlyStopping.patience : null,
    rateTimes: config.learningRate / usualRate(config.optimizer),
    momentum: momentumOf(config.optimizer),
    notANumber: run.stopReason === 'not_a_number',
  };
}

/** Answering the same for every item. Targets of a table have variance 1; keypoints are scaled by the image, and Huber's loss depends on how targets lie. */
function guessedLoss(config: RunConfig, schema: DatasetSchema): number | null {
  const { loss } = config;
  if ('classes' in schema) return guessedClasses(loss, schema.classes.length);
  if ('image' in schema || loss?.kind === 'huber') return null;
  // Of a normal distribution.
  return loss?.kind === 'mae' ? Math.sqrt(2 / Math.PI) : 1;
}

/** Beside augmentation and dropout: what makes validation easier, or the same loss another measure. */
function unlikeValidation({ model, sampling, ema }: RunConfig): string[] {
  return [
    ...(leafLayers(model).some((layer) => layer.type === 'gaussian_noise')
      ? ['with Gaussian noise between layers']
      : []),
    ...(sampling === 'balanced' ? ['on as many items of every class, validation loss on the classes as they are'] : []),
    ...(ema ? ['with the weights of each step, validation loss with their average'] : []),
  ];
}
