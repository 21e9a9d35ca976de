import type { DiagnosisFacts, DiagnosisKind, Figures } from './kinds.ts';
import { mean, median } from './robust.ts';

/** What one epoch sees when it looks back. All of it is of the last epochs only, so that reading an epoch costs O(1). */
export interface Outlook extends Figures {
  /** of the last `window` epochs; train is taken at the end of its epochs, where validation is measured */
  recentTrain: readonly number[];
  recentValidation: readonly number[];
  /** the `window` epochs before those */
  earlierTrain: readonly number[];
  earlierValidation: readonly number[];
  /** of the last twelve steps between epochs */
  jumps: number;
  falls: number;
  steps: number;
  guess: number;
  firstValidation: number;
}

/** Before this there is no trend: four points are two for the start, where every loss falls, and two for the noise. */
export const FIRST_EPOCHS = 5;

/**
 * A threshold is this much easier to keep than to reach, so that a value on the edge does not switch to and fro (a Schmitt trigger).
 */
const KEEP = 0.6;

/** Thresholds with their reasons; they were set on the tuning half of the labelled runs only. */
export const LIMITS = {
  /** Rise of validation loss over its best, as a share of it: less is what another seed or split would change. */
  rise: 0.1,
  /** The same in standard deviations of validation's own noise: the best of n noisy epochs lies 2 to 3 below their mean. */
  riseNoise: 5,
  /** And as a share of guessing: on a solved task a rise from 0.002 to 0.004 means nothing. */
  riseFloor: 0.01,
  /** Train loss must still have fallen since: else both got worse, which is not learning by heart. */
  trainFell: 0.97,
  /** A loss above this share of guessing explains little of the targets. */
  poor: 0.57,
  /** A loss under this share has nothing left to gain that a plateau would withhold. */
  solved: 0.13,
  /** Change between two windows below which a curve stands still. */
  flat: 0.05,
  /** Loss over that of guessing; a first epoch that ends above it on both parts has not begun to learn. */
  farOff: 4,
  /** Growth of train loss from one epoch to the next; a right rate hardly ever gives one. */
  jump: 1.2,
  jumpShare: 0.17,
  /** Share of guessing under which train loss jumps about a solved task. */
  settled: 0.02,
  /** Validation noise over validation loss. */
  noisy: 0.09,
  /** The same over the fall from the first epoch to the best. */
  noisyGain: 0.05,
  clearFall: 0.85,
  /** Train loss over validation loss, as a share of train loss: with a regulariser that is off in validation, and without. */
  easier: 0.1,
  easierUnexplained: 0.17,
} as const;

/** What the curves look like at one epoch, read for itself; `current` is what is shown now, and easier to keep. */
export function judge(o: Outlook, facts: DiagnosisFacts, current: DiagnosisKind | null): DiagnosisKind {
  const ease = (kind: DiagnosisKind) => (current === kind ? KEEP : 1);
  if (isFarOff(o, facts)) return 'diverging';
  if (o.epochs < FIRST_EPOCHS) return 'unclear';
  if (isDiverging(o, ease('diverging'))) return 'diverging';
  if (o.train > LIMITS.settled * o.guess && o.jumps >= LIMITS.jumpShare * ease('unstable') * o.steps) return 'unstable';
  if (isOverfitting(o, ease('overfitting')))
    return facts.patience !== null && o.epochs - o.bestEpoch <= facts.patience ? 'healthy' : 'overfitting';
  const easier = easierKind(o, facts, ease);
  if (easier) return easier;
  if (facts.guess !== null && isUnderfitting(o, ease('underfitting'))) return 'underfitting';
  if (isNoisy(o, ease('unclear'))) return 'unclear';
  if (isPlateau(o, ease('plateau'))) return 'plateau';
  return 'healthy';
}

/** Several times worse than answering the same for every item, on both parts: no trend is needed to see that. */
function isFarOff(o: Outlook, { guess }: DiagnosisFacts): boolean {
  return guess !== null && Math.min(o.train, o.validation) > LIMITS.farOff * guess;
}

/** Above guessing and not on the way down, or thrown far above it at the start, or twice as high as it has been. */
function isDiverging(o: Outlook, ease: number): boolean {
  const falling = o.falls >= 0.8 * o.steps;
  const worse =
    o.train > (1 + 0.02 * ease) * o.guess && !falling && median(o.recentTrain) > 0.97 * median(o.earlierTrain);
  const rose = median(o.recentTrain) > (1 + ease) * median(o.earlierTrain) && o.train > 0.3 * o.guess;
  const thrown = o.train > (1 + 0.6 * ease) * o.guess || o.bestValidation > (1 + 3 * ease) * o.guess;
  return worse || rose || thrown;
}

function isOverfitting(o: Outlook, ease: number): boolean {
  const rise = o.validation - o.bestValidation;
  const needed = Math.max(LIMITS.rise * o.bestValidation, LIMITS.riseNoise * o.noise, LIMITS.riseFloor * o.guess);
  const apart = o.validation > 1.1 * o.train;
  return apart && rise > ease * needed && o.train < LIMITS.trainFell * o.bestTrain && o.epochs - o.bestEpoch >= 3;
}

/**
 * Validation loss well below train loss. Dropout and augmentation are on in training only and explain it. Else items that stand in both parts, or train
 * labels that are wrong more often, are likely: unless so few validation items are just easy ones (standard error of a mean loss whose
 * spread is about its size, loss / √n; two of it where one of those explains the rest, 2.7 for a
 * word as grave as leak).
 */
function easierKind(o: Outlook, facts: DiagnosisFacts, ease: (kind: DiagnosisKind) => number): DiagnosisKind | null {
  const train = mean(o.recentTrain);
  const validation = mean(o.recentValidation);
  const lead = train - validation;
  if (train < 0.02 * o.guess || o.epochs < FIRST_EPOCHS + 1) return null;
  const sure = 3 * (o.noise / Math.sqrt(o.recentValidation.length));
  const luck = train / Math.sqrt(facts.validationItems);
  if (facts.augmented || facts.unlike.length > 0 || facts.dropout.some((rate) => rate > 0))
    return lead > ease('validation_easier') * Math.max(LIMITS.easier * train, sure, 2 * luck)
      ? 'validation_easier'
      : null;
  return lead > ease('leak_or_noise') * Math.max(LIMITS.easierUnexplained * train, sure, 2.7 * luck)
    ? 'leak_or_noise'
    : null;
}

function isUnderfitting(o: Outlook, ease: number): boolean {
  const high = o.train > LIMITS.poor * (1 - 0.1 * (1 - ease)) * o.guess;
  const slow = median(o.recentTrain) > 0.8 * median(o.earlierTrain);
  return high && slow && o.validation < 1.5 * o.train;
}

/**
 * Noise hides what the curve does: large beside the loss and beside all that was gained since the first epoch, and no clear fall
 * (share of pairs of a recent and an earlier epoch in which the recent one is lower, as Mann and Whitney count, 1947).
 */
function isNoisy(o: Outlook, ease: number): boolean {
  const large = o.noise > LIMITS.noisy * ease * median(o.recentValidation) && o.validation > 0.02 * o.guess;
  return (
    large &&
    o.noise > LIMITS.noisyGain * ease * (o.firstValidation - o.bestValidation) &&
    lowerShare(o) < LIMITS.clearFall
  );
}

function lowerShare({ recentValidation: recent, earlierValidation: earlier }: Outlook): number {
  const lower = recent.reduce((sum, value) => sum + earlier.filter((before) => value < before).length, 0);
  return earlier.length === 0 ? 0 : lower / (recent.length * earlier.length);
}

function isPlateau(o: Outlook, ease: number): boolean {
  const flat = (now: readonly number[], before: readonly number[]) =>
    Math.abs(median(now) / median(before) - 1) < LIMITS.flat * (2 - ease);
  return (
    o.epochs >= 12 &&
    o.train > LIMITS.solved * o.guess &&
    flat(o.recentTrain, o.earlierTrain) &&
    flat(o.recentValidation, o.earlierValidation)
  );
}
