import { isOn, TRANSFORMS } from '../../augmentation/spec.ts';
import { dropoutRates } from '../../config/dropout.ts';
import type { RunConfig } from '../../config/run-config.ts';
import type { DatasetSchema } from '../../data/dataset-schema.ts';
import type { DiagnosisFacts } from './kinds.ts';

/** Keypoints are scaled by the image, not to variance 1, so what guessing reaches there is not known. */
export function diagnosisFacts(run: {
  config: RunConfig;
  stopReason: string | null;
  schema: DatasetSchema;
  trainItems: number;
  validationItems: number;
}): DiagnosisFacts {
  const { config, schema } = run;
  return {
    guess: 'classes' in schema ? Math.log(schema.classes.length) : 'image' in schema ? null : 1,
    trainItems: run.trainItems,
    validationItems: run.validationItems,
    dropout: dropoutRates(config.model),
    augmented: config.augmentation !== null && TRANSFORMS.some((t) => isOn(config.augmentation!, t)),
    patience: config.earlyStopping?.metric === 'loss' ? config.earlyStopping.patience : null,
    notANumber: run.stopReason === 'not_a_number',
  };
}
