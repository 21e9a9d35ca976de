import { describe, expect, test } from 'vitest';
import { bestMark, describePosition, isTrain, lineOfRun, reachOf, whyNoPoints } from './run-lines.ts';

const clock = { stepsPerEpoch: 10, startedAt: 1_000 };
const validation = { steps: [10, 20, 30], times: [2_000, 3_000, 4_000], values: [3, 1, 2] };
const source = { key: 'k', label: 'l', colour: '--run-1', series: validation, clock, dashed: false };

describe('lines of a run', () => {
  test('nothing smoothed is the values themselves, smoothed ones are kept for the next drawing', () => {
    expect(lineOfRun({ ...source, smoothing: 0 }, 'epoch').drawn).toBe(validation.values);
    const once = lineOfRun({ ...source, smoothing: 0.5 }, 'epoch');
    expect(once.x).toEqual([1, 2, 3]);
    expect(lineOfRun({ ...source, smoothing: 0.5 }, 'step').drawn).toBe(once.drawn);
    expect(lineOfRun({ ...source, smoothing: 0.6 }, 'step').drawn).not.toEqual(once.drawn);
    expect(once.whereOf!(1)).toBe('step 20');
  });
  test('the best epoch has its place on every axis, once it is logged', () => {
    expect(bestMark(2, clock, 'epoch', validation)).toMatchObject({ x: 2, y: 1 });
    expect(bestMark(2, clock, 'step', validation)).toMatchObject({ x: 20, y: 1 });
    expect(bestMark(2, clock, 'relative', validation)).toMatchObject({ x: 2 });
    expect(bestMark(4, clock, 'epoch', validation)).toBeNull();
    expect(bestMark(null, clock, 'epoch', validation)).toBeNull();
  });
  test('a chart without points says why there will be none, once there will', () => {
    const run = (state: 'running' | 'failed' | 'stopped', stopReason: string | null = null) => ({ state, stopReason });
    const broke = run('failed', 'not_a_number');
    expect(whyNoPoints([broke, run('running')])).toBeNull();
    expect(whyNoPoints([broke])).toBe('No points: the run became not a number before the first of them.');
    expect(whyNoPoints([broke, run('stopped')])).toBe('No points: the runs ended before the first of them.');
  });
  test('charts reach to the last point of any series', () => {
    const early = { steps: [5], times: [1_500], values: [1] };
    const all = [early, validation].map((series) => ({ series, clock }));
    expect([reachOf(all, 'step'), reachOf(all, 'epoch'), reachOf(all, 'relative'), reachOf([], 'step')]).toEqual([
      30,
      3,
      3,
      undefined,
    ]);
  });
  test('positions in words', () => {
    expect(describePosition(1210, 'step', 55)).toBe('step 1,210, epoch 22');
    expect(describePosition(2.5, 'epoch', 10)).toBe('epoch 2.5, step 25');
    expect(describePosition(73.4, 'relative', 1)).toBe('1 min 13 s');
    expect(['loss/train', 'training'].map(isTrain)).toEqual([true, false]);
  });
});
