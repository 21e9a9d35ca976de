import type { RunConfig } from '../config/run-config.ts';
import { augmentation } from './augmentation.ts';
import { batchNorm } from './batch-norm.ts';
import { dropout } from './dropout.ts';
import { earlyStopping } from './early-stopping.ts';
import type { Remedy, RemedyId } from './remedy.ts';
import { smallerModel } from './smaller-model.ts';
import { transfer } from './transfer.ts';
import { weightPenalty } from './weight-penalty.ts';

export { REMEDY_IDS, type Remedy, type RemedyContext, type RemedyId } from './remedy.ts';

/** In the order of REMEDY_IDS. */
export const REMEDIES: readonly Remedy[] = [
  augmentation,
  dropout,
  earlyStopping,
  weightPenalty,
  batchNorm,
  transfer,
  smallerModel,
];

export function remedyById(id: RemedyId): Remedy | undefined {
  return REMEDIES.find((remedy) => remedy.id === id);
}

/** What holds a run back from learning its items by heart, in a word or two each. */
export function remedyWords(config: RunConfig): string[] {
  return REMEDIES.map((remedy) => remedy.words(config)).filter((words) => words !== '');
}
