import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { KeypointSwaps } from './keypoint-swaps.tsx';

const names = ['left_eye', 'right_eye', 'nose', 'chin', 'brow'];
const page = (swaps: [string, string][] | null, of = names) =>
  renderToStaticMarkup(<KeypointSwaps names={of} swaps={swaps} onChange={() => {}} />);

test('pairs that the names propose are listed, each with a button that takes it out', () => {
  const html = page(null);
  expect(html).toContain('A mirror image swaps 1 pair of points, as their names say.');
  expect(html).toContain('aria-label="Remove left_eye ↔ right_eye"');
  expect(html).not.toContain('as proposed');
});

test('pairs of one’s own can be put back as proposed, also where there is none', () => {
  expect(page([['nose', 'chin']])).toMatch(/swaps 1 pair of points\..*Put back as proposed.*nose ↔ chin/);
  expect(page([])).toMatch(/swaps no points\..*Put back as proposed/);
});

test('a pair is added of points that are in none', () => {
  expect([...page(null).matchAll(/<option value="(\w+)"/g)].map(([, name]) => name)).toEqual([
    ...['nose', 'chin', 'brow'],
    ...['nose', 'chin', 'brow'],
  ]);
  expect(page(null, ['left_eye', 'right_eye', 'nose'])).not.toContain('<select');
});

test('both selects are named by what they do', () => {
  const labels = [...page(null).matchAll(/<label[^>]*>(.*?)<\/label>/g)].map(([, html]) =>
    html!.replace(/<[^>]*>/g, ''),
  );
  expect(labels).toEqual(['Swap', 'Swap with']);
});
