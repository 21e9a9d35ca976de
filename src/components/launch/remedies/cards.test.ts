import { expect, test } from 'vitest';
import { REMEDIES } from '#core/remedies/index.ts';
import { CARDS } from './index.ts';

test('every remedy has its card, and no card is without its remedy', () => {
  expect(Object.keys(CARDS).sort()).toEqual(REMEDIES.map((remedy) => remedy.id).sort());
});
