import { describe, expect, test } from 'vitest';
import { studentQuantile } from '../metric/student.ts';
import { differenceOf } from './difference.ts';
import { type ArmRun, conclusion, measuresOf } from './measures.ts';

const seen = (...values: number[]) => values.map((value, seed) => ({ seed, value }));

describe('differenceOf', () => {
  test('pairs seeds: what two seeds share falls out', () => {
    // Differences 1, 2, 3: mean 2, standard deviation 1, so 2 ± 4.303 / √3 (scipy.stats.ttest_rel gives the same).
    const d = differenceOf(seen(10, 50, 90), seen(11, 52, 93))!;
    expect(d).toMatchObject({ mean: 2, pairs: 3 });
    expect(d.interval!.low).toBeCloseTo(2 - 4.303 / Math.sqrt(3), 6);
    expect(d.interval!.high).toBeCloseTo(2 + 4.303 / Math.sqrt(3), 6);
  });
  test('only seeds of both sides pair', () => {
    const d = differenceOf(seen(1, 2, 3, 400), seen(2, 3, 5).slice(0, 3))!;
    expect(d).toMatchObject({ pairs: 3, base: { n: 4 }, changed: { n: 3 } });
    expect(d.mean).toBeCloseTo(4 / 3, 9);
  });
  test('where no seeds pair, the sides count as independent (Welch)', () => {
    const other = [4, 5, 6, 7].map((value, i) => ({ seed: 10 + i, value }));
    const d = differenceOf(seen(1, 2, 3), other)!;
    // Variances 1/3 and (5/3)/4: t's degrees 4.96, so 4.
    expect(d).toMatchObject({ mean: 3.5, pairs: 0 });
    expect(d.interval!.high - d.interval!.low).toBeCloseTo(2 * 2.776 * Math.sqrt(1 / 3 + 5 / 12), 6);
  });
  test('one seed has a difference and no interval; a side without figures has neither', () => {
    expect(differenceOf(seen(1), seen(3))).toMatchObject({ mean: 2, interval: null, pairs: 1 });
    expect(differenceOf(seen(1), seen(Number.NaN))).toBeNull();
  });
  test('quantiles never promise more than they know', () => {
    expect(studentQuantile(1)).toBe(12.706);
    expect(studentQuantile(4.96)).toBe(studentQuantile(4));
    expect(studentQuantile(1000)).toBe(studentQuantile(30));
    expect(() => studentQuantile(0)).toThrow(RangeError);
  });
});

const run = (seed: number, accuracy: number, train: number, validation: number): ArmRun => ({
  seed,
  kept: { 'accuracy/validation': accuracy, 'loss/validation': validation },
  end: { 'accuracy/train': 1, 'accuracy/validation': accuracy, 'loss/train': train, 'loss/validation': validation },
});

describe('measuresOf', () => {
  const base = [run(0, 0.9, 0.1, 0.5), run(1, 0.91, 0.1, 0.52), run(2, 0.905, 0.1, 0.51)];
  test('names better, worse and noise by the figure’s own direction', () => {
    const better = measuresOf('accuracy', base, [
      run(0, 0.93, 0.2, 0.4),
      run(1, 0.941, 0.2, 0.42),
      run(2, 0.935, 0.2, 0.41),
    ]);
    expect(better.map((m) => [m.id, m.verdict])).toEqual([
      ['metric', 'better'],
      ['loss', 'better'],
      ['gap', 'better'],
      ['metric_gap', 'better'],
    ]);
    const noise = measuresOf('accuracy', base, [
      run(0, 0.92, 0.1, 0.5),
      run(1, 0.9, 0.1, 0.52),
      run(2, 0.906, 0.1, 0.51),
    ]);
    expect(noise[0]!.verdict).toBe('noise');
    const worse = measuresOf(
      'rmse',
      [
        { ...base[0]!, kept: { 'rmse/validation': 1 } },
        { ...base[1]!, kept: { 'rmse/validation': 1.1 } },
      ],
      [
        { ...base[0]!, kept: { 'rmse/validation': 2 } },
        { ...base[1]!, kept: { 'rmse/validation': 2.1 } },
      ],
    );
    expect(worse[0]).toMatchObject({ id: 'metric', verdict: 'worse' });
  });

  test.each([
    [-0.086, -0.614],
    [-0.086, -0.061],
    [0.1, -0.05],
    [-0.05, 0.1],
  ])('a gap from %s to %s gets no verdict: validation is easier than training there', (from, to) => {
    const side = (gap: number) => [0, 1, 2].map((seed) => run(seed, 0.9, 1, 1 + gap + seed / 1000));
    const measures = measuresOf('accuracy', side(from), side(to));
    expect(measures.find((m) => m.id === 'gap')!.verdict).toBe('none');
    const words = conclusion('Dropout 0.3', 'accuracy', measures, 750, 'image');
    expect(words).toMatch(/validation is easier than training here, so the gap says nothing\.$/);
    expect(words).not.toMatch(/shrank|grew/);
  });

  test('a gap that seeds alone may put below zero gets no verdict, also with one seed', () => {
    const base = [0, 1, 2].map((seed) => run(seed, 0.9, 1, 1.01 + (seed - 1) / 10));
    const changed = [0, 1, 2].map((seed) => run(seed, 0.9, 1, 1.4 + (seed - 1) / 10));
    const verdict = (some: ArmRun[], other: ArmRun[]) =>
      measuresOf('accuracy', some, other).find((m) => m.id === 'gap')!.verdict;
    expect(verdict(base, changed)).toBe('none');
    expect(verdict([run(0, 0.9, 1, 0.9)], [run(0, 0.9, 1, 1.2)])).toBe('none');
    expect(verdict([run(0, 0.9, 1, 1.1)], [run(0, 0.9, 1, 1.2)])).toBe('unknown');
  });

  test('a gap whose digits stay the same neither grew nor shrank', () => {
    const say = (from: number, to: number) =>
      conclusion(
        'Dropout 0.3',
        'accuracy',
        measuresOf('accuracy', [run(0, 0.9, 0.1, 0.1 + from)], [run(0, 0.91, 0.1, 0.1 + to)]),
        750,
        'image',
      );
    expect(say(0.0421, 0.0423)).toMatch(/ The generalisation gap in loss is unchanged, 0\.042\.$/);
    expect(say(-0.0421, -0.0423)).toMatch(/ is unchanged, −0\.042: validation is easier than training here, so/);
    expect(say(0.042, 0.052)).toMatch(/ grew from 0\.042 to 0\.052\.$/);
  });

  test('the conclusion says plainly what is noise and what one seed can not tell', () => {
    const say = (changed: ArmRun[], of = base) =>
      conclusion('Dropout 0.3', 'accuracy', measuresOf('accuracy', of, changed), 750, 'image');
    expect(say([run(0, 0.93, 0.2, 0.4), run(1, 0.941, 0.2, 0.42), run(2, 0.935, 0.2, 0.41)])).toMatch(
      /made validation accuracy better: \+3\.0 points \(95 % interval .*\), more than seeds alone.*gap in loss shrank from 0\.410 to 0\.210, beyond noise\.$/,
    );
    expect(say([run(0, 0.92, 0.1, 0.5), run(1, 0.9, 0.1, 0.52), run(2, 0.906, 0.1, 0.51)])).toMatch(/within noise/);
    expect(say([run(0, 0.92, 0.1, 0.5)], base.slice(0, 1))).toMatch(
      /One seed shows nothing of the noise.*±1\.9 points/,
    );
    expect(say([])).toMatch(/nothing to compare yet/);
  });
});
