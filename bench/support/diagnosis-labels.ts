import type { LabelledRun } from '#core/run/diagnosis/testing.ts';

/** The states that a labelled run can be made into, and the rule that its finished curves must obey to keep the label. */

/** One run of the labelled set, with all that its rule looks at. */
export interface LabelledCurves extends LabelledRun {
  l2: number;
  plannedEpochs: number;
  metricTrain: (number | null)[];
  metricValidation: (number | null)[];
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
/** Centred mean of five: hindsight may look ahead, the diagnosis may not. */
const smoothed = (values: readonly number[]) => values.map((_, i) => mean(values.slice(Math.max(0, i - 2), i + 3)));

/** Whether the finished run is what it was made to be. Runs of which this is false are left out, not labelled anew. */
export function ruleHolds(run: LabelledCurves): boolean {
  const broken = run.notANumber || [...run.lossTrain, ...run.lossValidation].includes(null);
  if (run.label === 'diverging' && broken) return true;
  if (broken) return false;
  const train = run.lossTrain as number[];
  const validation = run.lossValidation as number[];
  const n = train.length;
  // What guessing reaches: ln(classes), or 1 for targets scaled to variance 1.
  const guess = run.classes === null ? 1 : Math.log(run.classes);
  const t = smoothed(train);
  const v = smoothed(validation);
  const best = v.indexOf(Math.min(...v));
  const late = (values: readonly number[], share: number) => values.slice(Math.floor(n * (1 - share)));
  const rises = (values: readonly number[], factor: number) =>
    values.filter((x, i) => i > 0 && x > factor * values[i - 1]!).length;
  const steady = (values: readonly number[]) => rises(late(values, 0.5), 1.25) < n / 16;
  switch (run.label) {
    case 'healthy':
      return v[n - 1]! < 1.06 * v[best]! && t[n - 1]! < 0.4 * guess && v[n - 1]! < 0.5 * guess && steady(validation);
    case 'underfitting':
      return t[n - 1]! > 0.6 * guess && t[n - 1]! < t[0]! && v[n - 1]! < 1.06 * v[best]!;
    case 'overfitting':
      return v[n - 1]! > 1.15 * v[best]! && best < 0.75 * n && t[n - 1]! < 0.9 * t[best]!;
    case 'plateau': {
      const flat = (values: readonly number[]) =>
        Math.abs(mean(values.slice(-5)) / mean(late(values, 0.4).slice(0, 5)) - 1) < 0.05;
      return (
        flat(train) &&
        flat(validation) &&
        t[n - 1]! > 0.15 * guess &&
        t[n - 1]! < 0.6 * guess &&
        v[n - 1]! < 1.06 * v[best]!
      );
    }
    case 'diverging':
      return mean(late(train, 0.25)) > 1.02 * guess || mean(late(train, 0.25)) > 2 * Math.min(...t);
    case 'unstable':
      return (
        rises(late(train, 0.75), 1.2) >= n / 8 &&
        mean(late(train, 0.25)) < guess &&
        mean(late(train, 0.5)) > 0.03 * guess
      );
    case 'validation_easier':
      return (
        (run.dropout > 0 || run.augmented) &&
        mean(late(validation, 0.5)) < 0.88 * mean(late(train, 0.5)) &&
        v[n - 1]! < 1.06 * v[best]!
      );
    case 'leak_or_noise':
      return run.dropout === 0 && !run.augmented && mean(late(validation, 0.5)) < 0.8 * mean(late(train, 0.5));
    case 'unclear':
      return (
        n <= 4 ||
        (mean(late(validation, 0.6).map((x, i, all) => Math.abs(x - (all[i - 1] ?? x)))) >
          0.12 * mean(late(validation, 0.6)) &&
          rises(late(train, 0.6), 1.2) < n / 16 &&
          v[n - 1]! < 1.3 * v[best]!)
      );
  }
}
