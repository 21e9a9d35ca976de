import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { EpochRuler } from './epoch-ruler.tsx';
import type { RunDetail } from './run-page.tsx';

const draw = (epochs: number, epoch: number, bestEpoch: number | null, state = 'running') =>
  renderToStaticMarkup(<EpochRuler run={{ config: { epochs }, epoch, bestEpoch, state } as RunDetail} />);
const cells = (html: string) => [...html.matchAll(/<i(?: class="(\w+)")?>/g)].map((m) => m[1] ?? '');

describe('EpochRuler', () => {
  test('has one cell an epoch: done, best, to come', () => {
    expect(cells(draw(6, 4, 2))).toEqual(['done', 'best', 'done', 'done', '', '']);
    expect(cells(draw(3, 0, null))).toEqual(['', '', '']);
  });
  test('says the same in words', () => {
    expect(draw(6, 4, 2)).toContain('aria-valuetext="Epoch 4 of 6, best weights kept from epoch 2"');
    expect(draw(40, 23, 14)).toMatch(/14, best weights kept.*23, now/);
    expect(draw(40, 23, 14, 'stopped')).toContain('23, ended');
  });
  test('a long run shares cells, and best and last epoch keep a cell of their own', () => {
    const long = cells(draw(5000, 5000, 5000, 'finished'));
    expect(long.length).toBeLessThanOrEqual(120);
    expect(long.at(-1)).toBe('best');
    expect(long.filter((c) => c === 'done')).toHaveLength(long.length - 1);
  });
});
