import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Page, pageOfAll } from './paging.ts';

const list = fc.uniqueArray(fc.uuid(), { maxLength: 40 }).map((ids) => ids.map((id) => ({ id })));

test('page after page gives each item once, in order, whatever the size of a page', () => {
  fc.assert(
    fc.property(list, fc.integer({ min: 1, max: 10 }), (all, limit) => {
      const seen: { id: string }[] = [];
      let cursor: string | undefined;
      do {
        const page: Page<{ id: string }> = pageOfAll(all, { limit, ...(cursor && { cursor }) });
        expect(page.items.length).toBeLessThanOrEqual(limit);
        seen.push(...page.items);
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      expect(seen).toEqual(all);
    }),
  );
});

test('what is added before the cursor shifts nothing', () => {
  const first = pageOfAll([{ id: 'b' }, { id: 'c' }, { id: 'd' }], { limit: 2 });
  const second = pageOfAll([{ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'd' }], {
    limit: 2,
    cursor: first.nextCursor!,
  });
  expect(second).toEqual({ items: [{ id: 'd' }], nextCursor: null });
});

test('a cursor that no page gave is refused', () => {
  fc.assert(
    fc.property(list, fc.string(), (all, cursor) => {
      expect(() => pageOfAll(all, { limit: 5, cursor })).toThrow('not one that a page gave');
    }),
  );
});
