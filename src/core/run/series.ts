import { AppError, type ErrorItem } from '../errors.ts';

/** One metric of one run over time. Arrays have equal length; steps count optimiser updates from 1 and increase. */
export interface Points {
  name: string;
  steps: ArrayLike<number>;
  /** Unix ms */
  times: ArrayLike<number>;
  /** NaN and infinities are kept: they are what a person looks for when a run diverges. */
  values: ArrayLike<number>;
}

/** Series of one run, so that a script that puts an id into a name can't flood the store. */
export const MAX_SERIES = 1_000;
export const MAX_POINTS_PER_REQUEST = 100_000;
export const MAX_STEP = 2 ** 31 - 1;
/** The last instant that a Date can tell, in Unix ms (ECMA-262, 21.4.1.1). */
const MAX_TIME = 8.64e15;
/** Series under this group come from people's scripts; the trainer never writes or truncates them. */
export const CUSTOM_GROUP = 'custom/';

/** `group/name`, as charts group by what stands before the first slash. */
const NAME = /^[a-zA-Z0-9_.-]{1,64}(\/[a-zA-Z0-9_.-]{1,64}){1,3}$/;

/** Throws AppError bad_request that lists every bad series: name, unequal lengths, steps that don't increase. O(points). */
export function checkPoints(series: readonly Points[]): void {
  const items: ErrorItem[] = [];
  let total = 0;
  for (const [i, { name, steps, times, values }] of series.entries()) {
    const path = `/series/${i}`;
    if (!NAME.test(name))
      items.push({
        path: `${path}/name`,
        message: `"${name}" is not a series name: use group/name, such as custom/f1`,
      });
    if (steps.length !== times.length || steps.length !== values.length)
      items.push({
        path,
        message: `"${name}" has ${steps.length} steps, ${times.length} times and ${values.length} values`,
      });
    total += steps.length;
    for (let k = 0; k < steps.length; k++) {
      const step = steps[k]!;
      if (Number.isInteger(step) && step >= 0 && step <= MAX_STEP && (k === 0 || step > steps[k - 1]!)) continue;
      const message = `step ${step} of "${name}" must be a whole number above the one before it`;
      items.push({ path: `${path}/steps/${k}`, message });
      break;
    }
    const late = Array.from(times).findIndex((time) => !(Math.abs(time) <= MAX_TIME));
    if (late >= 0)
      items.push({
        path: `${path}/times/${late}`,
        message: `time ${times[late]} of "${name}" is no date: give milliseconds since 1970, such as 1767225600000`,
      });
  }
  if (total > MAX_POINTS_PER_REQUEST)
    items.push({ path: '/series', message: `${total} points; send at most ${MAX_POINTS_PER_REQUEST} in one request` });
  if (items.length > 0) throw new AppError('bad_request', items[0]!.message, { items });
}
