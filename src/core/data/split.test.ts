import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_FRACTIONS,
  MIN_GROUPS,
  mergeSmallStrata,
  PARTS,
  quantileStrata,
  type SplitGroup,
  splitGroups,
} from './split.ts';

/** Strata of at least three groups each, with unique orders. */
const groupsArbitrary = fc
  .array(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 3, maxLength: 60 }), { minLength: 1, maxLength: 6 })
  .chain((strata) =>
    fc
      .uniqueArray(fc.string({ minLength: 4, maxLength: 12 }), {
        minLength: strata.flat().length,
        maxLength: strata.flat().length,
      })
      .map((orders) => {
        let k = 0;
        return strata.flatMap((sizes, s) =>
          sizes.map((size): SplitGroup => ({ size, stratum: `s${s}`, order: orders[k++]! })),
        );
      }),
  );

function counts(groups: readonly SplitGroup[], parts: readonly string[], stratum?: string) {
  const of = (part: string) =>
    groups.reduce((sum, g, i) => sum + (parts[i] === part && (!stratum || g.stratum === stratum) ? g.size : 0), 0);
  return { train: of('train'), validation: of('validation'), test: of('test') };
}

describe('the split', () => {
  it('gives each class its share in each part, to within its largest group', () => {
    fc.assert(
      fc.property(groupsArbitrary, (groups) => {
        const parts = splitGroups(groups);
        for (const stratum of new Set(groups.map((g) => g.stratum))) {
          const own = groups.filter((g) => g.stratum === stratum);
          const n = own.reduce((sum, g) => sum + g.size, 0);
          const largest = Math.max(...own.map((g) => g.size));
          const got = counts(groups, parts, stratum);
          // Rounding and the carry from the stratum before move a target by at most one item.
          for (const part of ['validation', 'test'] as const)
            expect(Math.abs(got[part] - n * DEFAULT_FRACTIONS[part])).toBeLessThanOrEqual(largest + 1);
          for (const part of PARTS) expect(got[part]).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('does not depend on the order of the files', () => {
    fc.assert(
      fc.property(groupsArbitrary, fc.nat(), (groups, turn) => {
        const by = (list: SplitGroup[]) =>
          new Map(
            splitGroups(list)
              .map((part, i) => [list[i]!.order, part] as const)
              .sort(),
          );
        const turned = [...groups.slice(turn % groups.length), ...groups.slice(0, turn % groups.length)].reverse();
        expect(by(turned)).toEqual(by(groups));
      }),
    );
  });

  it('is exact where groups are single items', () => {
    const groups = Array.from({ length: 5000 }, (_, i) => ({
      size: 1,
      stratum: `c${i % 10}`,
      order: String((i * 7919) % 5000).padStart(4, '0'),
    }));
    const parts = splitGroups(groups);
    expect(counts(groups, parts)).toEqual({ train: 3500, validation: 750, test: 750 });
    expect(counts(groups, parts, 'c3')).toEqual({ train: 350, validation: 75, test: 75 });
  });

  it('adds up over many small classes', () => {
    const groups = Array.from({ length: 400 }, (_, i) => ({
      size: 1,
      stratum: `c${i % 100}`,
      order: String(i).padStart(4, '0'),
    }));
    const got = counts(groups, splitGroups(groups));
    expect(got.train + got.validation + got.test).toBe(400);
    expect(got.test).toBe(100);
  });

  it('refuses a class that cannot be in every part', () => {
    const two = ['a', 'b'].map((order) => ({ size: 9, stratum: 'rare', order }));
    expect(() => splitGroups(two)).toThrow('"rare" has 2 groups');
  });
});

describe('strata of a regression', () => {
  it('have equal counts, and equal values share one', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 500 }), { freq: 20 }), { minLength: 40 }), (values) => {
        const strata = quantileStrata(values);
        const byValue = new Map<number | null, string>();
        values.forEach((v, i) => {
          expect(strata[i]).toBeTypeOf('string');
          if (byValue.has(v)) expect(strata[i]).toBe(byValue.get(v));
          byValue.set(v, strata[i]!);
        });
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: MIN_GROUPS }), (strata) => {
        const merged = mergeSmallStrata(strata);
        for (const s of merged) expect(merged.filter((m) => m === s).length).toBeGreaterThanOrEqual(MIN_GROUPS);
      }),
    );
    const strata = quantileStrata(Array.from({ length: 440 }, (_, i) => i));
    expect(strata.filter((s) => s === 'q000')).toHaveLength(44);
    expect(new Set(strata).size).toBe(10);
  });
});
