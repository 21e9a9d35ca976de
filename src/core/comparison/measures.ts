import { count, metricValue } from '../format/numbers.ts';
import { type Difference, differenceOf, type Seen, type Spread } from './difference.ts';

/** What a change did, figure by figure, and in words. */

export interface ArmRun {
  seed: number;
  /** "loss/train" -> value, at the epoch whose weights are kept, and at the last */
  kept: Readonly<Record<string, number | null>>;
  end: Readonly<Record<string, number | null>>;
}

export const MEASURES = ['metric', 'loss', 'gap', 'metric_gap'] as const;
export type MeasureId = (typeof MEASURES)[number];

/** noise: the interval holds 0; unknown: one seed, so there is no interval; none: a gap where validation is the easier part; same: the change never acted (same-curves.ts) */
export const VERDICTS = ['better', 'worse', 'noise', 'unknown', 'none', 'same'] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface Measure extends Difference {
  id: MeasureId;
  label: string;
  /** what it is of, and when */
  about: string;
  verdict: Verdict;
}

type Lead = 'accuracy' | 'rmse';
const LEAD_NAMES = { accuracy: 'accuracy', rmse: 'RMSE' } as const;

/** @returns in the order of MEASURES, those that both sides have figures for */
export function measuresOf(lead: Lead, base: readonly ArmRun[], changed: readonly ArmRun[]): Measure[] {
  const value = (metrics: ArmRun['kept'], name: string) => metrics[name] ?? Number.NaN;
  const gap = (metrics: ArmRun['kept'], name: string) =>
    (name === 'accuracy' ? -1 : 1) * (value(metrics, `${name}/validation`) - value(metrics, `${name}/train`));
  const read: Record<MeasureId, { label: string; about: string; up: boolean; of: (run: ArmRun) => number }> = {
    metric: {
      label: `Validation ${LEAD_NAMES[lead]}`,
      about: 'kept weights',
      up: lead === 'accuracy',
      of: (run) => value(run.kept, `${lead}/validation`),
    },
    loss: {
      label: 'Validation loss',
      about: 'kept weights',
      up: false,
      of: (run) => value(run.kept, 'loss/validation'),
    },
    gap: {
      label: 'Generalisation gap in loss',
      about: 'validation minus train, at the end',
      up: false,
      of: (run) => gap(run.end, 'loss'),
    },
    metric_gap: {
      label: `Generalisation gap in ${LEAD_NAMES[lead]}`,
      about: lead === 'accuracy' ? 'train minus validation, at the end' : 'validation minus train, at the end',
      up: false,
      of: (run) => gap(run.end, lead),
    },
  };
  return MEASURES.flatMap((id) => {
    const { label, about, up, of } = read[id];
    const seen = (runs: readonly ArmRun[]): Seen[] => runs.map((run) => ({ seed: run.seed, value: of(run) }));
    const difference = differenceOf(seen(base), seen(changed));
    return difference ? [{ id, label, about, ...difference, verdict: verdictOf(id, difference, up) }] : [];
  });
}

function verdictOf(id: MeasureId, { base, changed, mean, interval }: Difference, up: boolean): Verdict {
  if ((id === 'gap' || id === 'metric_gap') && !(isClearlyPositive(base) && isClearlyPositive(changed))) return 'none';
  if (!interval) return 'unknown';
  if (interval.low <= 0 && interval.high >= 0) return 'noise';
  return mean > 0 === up ? 'better' : 'worse';
}

/** By more than one standard error of its mean, where there is one. */
export function isClearlyPositive({ mean, sd, n }: Spread): boolean {
  return mean > (sd ?? 0) / Math.sqrt(n);
}

/** Accuracy in points of a hundred, the rest in its own unit, with a sign. */
export function signed(lead: Lead, id: MeasureId, value: number): string {
  const points = lead === 'accuracy' && (id === 'metric' || id === 'metric_gap');
  const text = points ? (100 * Math.abs(value)).toFixed(1) : metricValue('loss', Math.abs(value));
  return `${value < 0 ? '−' : '+'}${text}${points ? (text === '1.0' ? ' point' : ' points') : ''}`;
}

/** "−0.7 to +0.4 points". */
export function signedRange(lead: Lead, id: MeasureId, { low, high }: { low: number; high: number }): string {
  return `${signed(lead, id, low).replace(/ points?$/, '')} to ${signed(lead, id, high).replace(/ point$/, ' points')}`;
}

/** "0.961", of the side itself. */
export function plain(lead: Lead, id: MeasureId, value: number): string {
  return metricValue(id === 'metric' || id === 'metric_gap' ? lead : 'loss', value);
}

/**
 * What it comes to, in one or two sentences: whether validation got better by more than seeds alone change, then the gap.
 * @param change "Dropout 0.3", at the start of a sentence
 */
export function conclusion(
  change: string,
  lead: Lead,
  measures: readonly Measure[],
  validationItems: number,
  noun: string,
): string {
  const metric = measures.find((m) => m.id === 'metric');
  const gap = measures.find((m) => m.id === 'gap');
  if (!metric) return 'There is nothing to compare yet: both sides need a run that has trained to its end.';
  const name = LEAD_NAMES[lead];
  const range = ({ id, interval }: Measure) => (interval ? ` (95 % interval ${signedRange(lead, id, interval)})` : '');
  const moved = `${signed(lead, 'metric', metric.mean)}${range(metric)}`;
  const first =
    metric.verdict === 'unknown'
      ? `${change} changed validation ${name} by ${moved} with one seed. One seed shows nothing of the noise between seeds${
          lead === 'accuracy'
            ? `, and ${count(validationItems)} ${noun}s alone leave about ±${halfWidth(metric, validationItems)}`
            : ''
        }: launch 3 or 5 before you believe it.`
      : metric.verdict === 'noise'
        ? `${change} changed validation ${name} by ${moved}: within noise, as other seeds would change it as much.`
        : `${change} made validation ${name} ${metric.verdict}: ${moved}, more than seeds alone change it.`;
  return gap ? `${first} ${gapWords(gap, lead)}` : first;
}

function gapWords(gap: Measure, lead: Lead): string {
  const [from, to] = [plain(lead, 'gap', gap.base.mean), plain(lead, 'gap', gap.changed.mean)];
  const easier = gap.verdict === 'none' ? `: ${easierWords('here')}` : '';
  // Nothing grew or shrank that the digits don't show.
  if (from === to) return `The generalisation gap in loss is unchanged, ${from}${easier}.`;
  const range = `from ${from} to ${to}`;
  if (gap.verdict === 'none') return `The generalisation gap in loss went ${range}${easier}.`;
  if (gap.verdict === 'noise') return `The generalisation gap in loss went ${range}, which is within noise.`;
  const went = gap.mean < 0 ? 'shrank' : 'grew';
  return `The generalisation gap in loss ${went} ${range}${gap.verdict === 'unknown' ? '' : ', beyond noise'}.`;
}

/** Of a gap that is not clearly above zero. */
export function easierWords(where: string): string {
  return `validation is easier than training ${where}, so the gap says nothing`;
}

/** 1.96 standard errors of one proportion, in points. */
function halfWidth(metric: Measure, n: number): string {
  const p = metric.changed.mean;
  return `${(196 * Math.sqrt(Math.max(0, p * (1 - p)) / Math.max(1, n))).toFixed(1)} points`;
}
