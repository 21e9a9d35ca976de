import { count } from '#core/format/numbers.ts';
import type { Interval } from '#core/metric/interval.ts';
import type { EarlierOpening } from '#core/seal/certificate.ts';

/**
 * How the final page writes the one result: accuracy as per cent with one decimal, errors in their unit with two digits of
 * their interval's width (`spread`), or four digits where there is none.
 */

export type Metric = 'accuracy' | 'rmse';

export const METRIC_WORDS: Record<Metric, string> = { accuracy: 'Accuracy', rmse: 'Root mean squared error' };

const minus = (text: string) => text.replaceAll('-', '−');

/** Number without its unit. */
export function bare(metric: Metric, value: number, spread?: number): string {
  if (metric === 'accuracy') return minus((100 * value).toFixed(1));
  const size = Math.abs(value);
  const decimals = spread
    ? 1 - Math.floor(Math.log10(spread))
    : size >= 1000
      ? 0
      : size >= 100
        ? 1
        : size >= 10
          ? 2
          : 3;
  return minus(value.toFixed(Math.min(20, Math.max(0, decimals))));
}

/** "95.9 %", "1.843 pixels" */
export function measured(metric: Metric, value: number, unit: string, spread?: number): string {
  return withUnit(metric, bare(metric, value, spread), unit);
}

/** A number that is printed already, with its unit where it has one. */
export function withUnit(metric: Metric, text: string, unit: string): string {
  const suffix = metric === 'accuracy' ? '%' : unit === 'pixels' ? unit : '';
  return suffix ? `${text} ${suffix}` : text;
}

/**
 * Two values and the size of their difference, all with the same decimals: as few, from the usual number up, as show a
 * difference with two significant digits. The difference is that of the printed figures, so that a reader's own sum agrees.
 */
export function agreeing(
  metric: Metric,
  test: number,
  validation: number,
  spread?: number,
): { test: string; before: string; size: string } {
  const scale = metric === 'accuracy' ? 100 : 1;
  const [a, b] = [scale * test, scale * validation];
  const usual = bare(metric, Math.max(Math.abs(test), Math.abs(validation)), spread).split('.')[1]?.length ?? 0;
  const difference = Math.abs(a - b);
  const needed = difference === 0 ? 0 : 1 - Math.floor(Math.log10(difference));
  const decimals = Math.min(usual + 3, Math.max(usual, needed), 20);
  const [first, second] = [a.toFixed(decimals), b.toFixed(decimals)];
  return {
    test: minus(first),
    before: minus(second),
    size: Math.abs(Number(first) - Number(second)).toFixed(decimals),
  };
}

export function spreadOf(interval: Interval | null): number | undefined {
  return interval ? interval.high - interval.low : undefined;
}

/** "94.2 to 97.1 %" */
export function range(metric: Metric, interval: Interval, unit: string, word = 'to'): string {
  const spread = spreadOf(interval);
  return `${bare(metric, interval.low, spread)} ${word} ${measured(metric, interval.high, unit, spread)}`;
}

/** "750 images", "1 row" */
export function items(n: number, kind: 'image' | 'row'): string {
  return `${count(n)} ${kind}${n === 1 ? '' : 's'}`;
}

const LONG = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});

/** "22 November 2026 at 15:36 UTC": the same words on every machine, as a certificate needs. */
export function when(time: Date | string): string {
  return `${LONG.format(new Date(time)).replace(', ', ' at ')} UTC`;
}

/** A digest in groups that an eye can follow. */
export function grouped(digest: string): string {
  return digest.match(/.{1,16}/g)?.join(' ') ?? digest;
}

/** "once", "twice", "3 times" */
export function times(n: number): string {
  return n === 1 ? 'once' : n === 2 ? 'twice' : `${count(n)} times`;
}

/** "Iris, first try (opened on 22 November 2026 at 15:36 UTC); Iris again (committed on …)" */
export function earlierWords(earlier: readonly EarlierOpening[]): string {
  return earlier
    .map(({ project, committedAt, openedAt }) =>
      openedAt
        ? `${project.name} (opened on ${when(openedAt)})`
        : `${project.name} (committed on ${when(committedAt)})`,
    )
    .join('; ');
}
