import { describe, expect, test } from 'vitest';
import { type Outside, outsideOf, outsideWords } from './outside.ts';

const scale = { min: 0.1, max: 3, ticks: [] };
const hot = { key: 'hot', label: 'hot', values: [Number.NaN, 0, 0.5, 3, 4, 0.01, Number.POSITIVE_INFINITY] };

describe('points outside of the picture', () => {
  test('are counted by where they lie; what is not finite lies nowhere', () => {
    expect(outsideOf(hot, [0, 7], scale, false)).toEqual([
      { key: 'hot', label: 'hot', above: 1, below: 2, notAbove0: 0 },
    ]);
    expect(outsideOf(hot, [0, 7], scale, true)).toMatchObject([{ above: 1, below: 1, notAbove0: 1 }]);
    expect(outsideOf(hot, [2, 4], scale, true)).toEqual([]);
  });
  test('are told in words, with the names of few lines', () => {
    const line = (label: string, counts: Partial<Outside>): Outside => ({
      ...{ key: label, label, above: 0, below: 0, notAbove0: 0 },
      ...counts,
    });
    const words = (outside: Outside[], lines = 9) => outsideWords(outside, lines, '0.1', '3');
    expect(words([])).toBe('');
    expect(words([line('hot', { above: 1 })], 1)).toBe('1 point lies above 3.');
    expect(words([line('hot', { above: 1200, below: 2 })])).toBe('1,200 points of hot lie above 3, 2 below 0.1.');
    expect(words([line('a', { above: 2 }), line('b', { notAbove0: 1 })])).toBe(
      '2 points of a and b lie above 3, 1 at or below zero.',
    );
    expect(words(['a', 'b', 'c'].map((name) => line(name, { below: 1 })))).toBe('3 points of 3 lines lie below 0.1.');
  });
});
