/** What a run's learning curves can be told to be, and what is looked at to tell it. */

export const DIAGNOSES = {
  healthy: 'Healthy',
  underfitting: 'Underfitting',
  overfitting: 'Overfitting',
  plateau: 'Plateau',
  diverging: 'Diverging',
  unstable: 'Unstable',
  validation_easier: 'Validation easier than training',
  leak_or_noise: 'Possible leak or label noise',
  unclear: 'Too noisy to say',
} as const;
export type DiagnosisKind = keyof typeof DIAGNOSES;

/** One value an epoch, from epoch 1; NaN where it was not a number. Equal lengths. */
export interface EpochCurves {
  /** mean over the epoch's steps, dropout and augmentation on, without the penalty */
  lossTrain: readonly number[];
  lossValidation: readonly number[];
}

/** What of the configuration and the data changes how curves are read. */
export interface DiagnosisFacts {
  /** loss that guessing reaches, such as ln(classes); null where it is not known */
  guess: number | null;
  trainItems: number;
  validationItems: number;
  /** rate of each dropout layer */
  dropout: readonly number[];
  /** training items are changed at random */
  augmented: boolean;
  /** what else makes train loss another measure than validation loss: "measured" and these words make a sentence */
  unlike: readonly string[];
  /** of early stopping on the loss; null without it */
  patience: number | null;
  /** the learning rate in times the usual one of its optimiser (config/usual-rate.ts) */
  rateTimes: number;
  /** of the optimiser; 0 without */
  momentum: number;
  /** it ended because a loss was not a number */
  notANumber: boolean;
}

export interface Diagnosis {
  kind: DiagnosisKind;
  /** epoch, counted from 1, from which the curves show it; null while there is too little to read */
  since: number | null;
  /** epochs to shade, both included */
  evidence: { from: number; to: number; mark: number } | null;
  /** share of the last eight epochs that, each read for itself, say the same */
  confidence: number;
  figures: Figures;
}

/** Losses that the words quote: medians of three epochs. */
export interface Figures {
  /** epochs read */
  epochs: number;
  train: number;
  validation: number;
  /** at the best epoch of validation */
  bestEpoch: number;
  bestTrain: number;
  bestValidation: number;
  /** of validation between epochs */
  noise: number;
}
