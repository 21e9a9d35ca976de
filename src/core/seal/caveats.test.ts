import { expect, test } from 'vitest';
import { caveats } from './caveats.ts';

test('a score that nothing speaks against has no caveat', () => {
  expect(caveats(0, [], 30)).toEqual([]);
  expect(caveats(0, [{ testItems: 0 }, { testItems: null }], 30)).toEqual([]);
});

test('earlier openings and items that were learned from before are told', () => {
  expect(caveats(1, [], 30)).toEqual(['the same test part was opened once before']);
  expect(caveats(2, [{ testItems: 3 }, { testItems: 12 }], 30)).toEqual([
    'the same test part was opened 2 times before',
    '12 of 30 test items are in data that its weights began with',
  ]);
  expect(caveats(0, [{ testItems: 1 }], 30)).toEqual(['1 of 30 test items is in data that its weights began with']);
});
