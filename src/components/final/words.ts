import { count } from '#core/format/numbers.ts';
import type { Interval } from '#core/metric/interval.ts';

/** How the final page writes the one result: accuracy as per cent with one decimal, errors with four digits and their unit. */

export type Metric = 'accuracy' | 'rmse';

export const METRIC_WORDS: Record<Metric, string> = { accuracy: 'Accuracy', rmse: 'Root mean squared error' };

const minus = (text: string) => text.replaceAll('-', '−');

/** Number without its unit. */
export function bare(metric: Metric, value: number): string {
  if (metric === 'accuracy') return minus((100 * value).toFixed(1));
  const size = Math.abs(value);
  return minus(value.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3));
}

/** "95.9 %", "1.843 pixels" */
export function measured(metric: Metric, value: number, unit: string): string {
  const suffix = metric === 'accuracy' ? '%' : unit === 'pixels' ? unit : '';
  return suffix ? `${bare(metric, value)} ${suffix}` : bare(metric, value);
}

/** "94.2 to 97.1 %" */
export function range(metric: Metric, { low, high }: Interval, unit: string): string {
  return `${bare(metric, low)} to ${measured(metric, high, unit)}`;
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
