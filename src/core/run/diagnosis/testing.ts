import { type Diagnosis, type DiagnosisFacts, type DiagnosisKind, diagnose } from './index.ts';

/** A real run with what it was made to be; its curves have one value an epoch, null where it was not a number. */
export interface LabelledRun {
  label: DiagnosisKind;
  half: 'tuning' | 'held-out';
  made: string;
  /** null: regression */
  classes: number | null;
  trainItems: number;
  validationItems: number;
  dropout: number;
  augmented: boolean;
  patience: number | null;
  notANumber: boolean;
  lossTrain: (number | null)[];
  lossValidation: (number | null)[];
}

export const factsOf = (run: LabelledRun): DiagnosisFacts => ({
  guess: run.classes === null ? 1 : Math.log(run.classes),
  trainItems: run.trainItems,
  validationItems: run.validationItems,
  dropout: run.dropout > 0 ? [run.dropout] : [],
  augmented: run.augmented,
  unlike: [],
  patience: run.patience,
  // Not kept with the curves; only words read them.
  rateTimes: 1,
  momentum: 0,
  notANumber: run.notANumber,
});

export const numbers = (values: readonly (number | null)[]) => values.map((value) => value ?? Number.NaN);

/** What is said of its first `epochs`. */
export function diagnoseLabelled(run: LabelledRun, epochs: number = run.lossTrain.length): Diagnosis {
  return diagnose(
    {
      lossTrain: numbers(run.lossTrain.slice(0, epochs)),
      lossValidation: numbers(run.lossValidation.slice(0, epochs)),
    },
    { ...factsOf(run), notANumber: run.notANumber && epochs === run.lossTrain.length },
  );
}
