import { judge, LIMITS, type Outlook } from './judge.ts';
import type { Diagnosis, DiagnosisFacts, DiagnosisKind, EpochCurves } from './kinds.ts';
import { median, noiseOf } from './robust.ts';

/** A new verdict is shown once this many epochs in a row gave it: two alike happen by chance. */
const HOLD = 3;
/** Epochs that noise is measured over, and that a confidence counts. */
const NOISE_EPOCHS = 16;
const CONFIDENCE_EPOCHS = 8;
const JUMP_EPOCHS = 12;
/** A trend is looked for in the last quarter of a run against the quarter before it. */
const windowAt = (epochs: number) => Math.min(16, Math.max(3, Math.ceil(epochs / 4)));

/**
 * Reads the curves as a teacher would, epoch by epoch from the first: what it says of epoch n depends on epochs 1 to n alone, so a page
 * that watches a run and one that opens it later say the same. The verdict changes only when three epochs in a row agree on another and
 * pass its threshold (what is shown keeps with 0.6 of it). Not a number needs no second look. O(epochs), pure.
 */
export function diagnose(curves: EpochCurves, facts: DiagnosisFacts): Diagnosis {
  const train = curves.lossTrain;
  const validation = curves.lossValidation;
  const epochs = Math.min(train.length, validation.length);
  const verdicts: DiagnosisKind[] = [];
  let shown: DiagnosisKind = 'unclear';
  let since = 1;
  let best = { epoch: 1, value: Number.POSITIVE_INFINITY, train: Number.NaN };
  let outlook: Outlook | null = null;
  for (let n = 1; n <= epochs; n++) {
    if (!Number.isFinite(train[n - 1]!) || !Number.isFinite(validation[n - 1]!)) return broken(n, outlook);
    // A median of three around the epoch before: one lucky epoch is no best.
    const middle = Math.max(1, n - 1);
    const value = median(validation.slice(Math.max(0, n - 3), n));
    if (value < best.value) best = { epoch: middle, value, train: median(train.slice(Math.max(0, n - 3), n)) };
    outlook = look(train, validation, n, best, facts.guess ?? train[0]!);
    const verdict = judge(outlook, facts, shown);
    verdicts.push(verdict);
    if (verdict === shown || verdicts.slice(-HOLD).filter((v) => v === verdict).length < HOLD) continue;
    shown = verdict;
    since = n - HOLD + 1;
  }
  if (facts.notANumber) return broken(epochs + 1, outlook);
  if (!outlook || verdicts.length === 0) return nothingYet;
  const last = verdicts.slice(-CONFIDENCE_EPOCHS);
  const begin = shown === 'overfitting' ? best.epoch : since;
  return {
    kind: shown,
    since: shown === 'unclear' ? null : begin,
    evidence: shown === 'unclear' || shown === 'healthy' ? null : { from: begin, to: epochs, mark: begin },
    confidence: last.filter((verdict) => verdict === shown).length / last.length,
    figures: figuresOf(outlook),
  };
}

const NOTHING = {
  epochs: 0,
  train: Number.NaN,
  validation: Number.NaN,
  bestEpoch: 0,
  bestTrain: Number.NaN,
  bestValidation: Number.NaN,
  noise: Number.NaN,
};
function figuresOf({ epochs, train, validation, bestEpoch, bestTrain, bestValidation, noise }: Outlook) {
  return { epochs, train, validation, bestEpoch, bestTrain, bestValidation, noise };
}

const nothingYet: Diagnosis = { kind: 'unclear', since: null, evidence: null, confidence: 0, figures: NOTHING };

function broken(epoch: number, before: Outlook | null): Diagnosis {
  const evidence = { from: epoch, to: epoch, mark: epoch };
  return { kind: 'diverging', since: epoch, evidence, confidence: 1, figures: before ? figuresOf(before) : NOTHING };
}

function look(
  train: readonly number[],
  validation: readonly number[],
  n: number,
  best: { epoch: number; value: number; train: number },
  guess: number,
): Outlook {
  const window = windowAt(n);
  const from = (back: number) => Math.max(0, n - back);
  const steps = { jumps: 0, falls: 0, steps: 0 };
  for (let i = Math.max(1, n - JUMP_EPOCHS); i < n; i++) {
    steps.steps++;
    if (train[i]! > LIMITS.jump * train[i - 1]!) steps.jumps++;
    if (train[i]! <= train[i - 1]!) steps.falls++;
  }
  return {
    ...steps,
    epochs: n,
    guess,
    firstValidation: validation[0]!,
    train: median(train.slice(from(3), n)),
    validation: median(validation.slice(from(3), n)),
    bestEpoch: best.epoch,
    bestTrain: best.train,
    bestValidation: best.value,
    noise: noiseOf(validation.slice(from(NOISE_EPOCHS), n)),
    recentTrain: atEpochEnds(train, from(window), n),
    recentValidation: validation.slice(from(window), n),
    earlierTrain: atEpochEnds(train, from(2 * window), from(window)),
    earlierValidation: validation.slice(from(2 * window), from(window)),
  };
}

/**
 * Train loss is the mean over an epoch, half an epoch before validation is measured: the mean with the next epoch lies at its end.
 * The last epoch, which has no next, takes half of its own last change, when that is a fall.
 */
function atEpochEnds(train: readonly number[], from: number, to: number): number[] {
  return train.slice(from, to).map((value, i) => {
    const at = from + i;
    if (at + 1 < to) return (value + train[at + 1]!) / 2;
    return at > 0 ? value + Math.min(0, value - train[at - 1]!) / 2 : value;
  });
}
