import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { presetModel } from '#core/config/presets.ts';
import { summarise } from '#core/model/summary.ts';
import { ModelGraph } from './model-graph.tsx';

const image = { kind: 'image', height: 28, width: 28, channels: 1 } as const;
const task = { kind: 'classification', classes: 10 } as const;

test('the picture has every layer, a frame for each block and an arrow for each way', () => {
  const summary = summarise(presetModel('resnet8', image, task), image, 64, task);
  const html = renderToStaticMarkup(<ModelGraph summary={summary} />);
  const count = (part: string) => html.split(part).length - 1;
  expect(html).toContain(`Graph of ${summary.rows.length - 1} layers`);
  expect(count('class="name"')).toBe(summary.rows.length);
  expect(count('class="block"')).toBe(3);
  // To the stem; through the first block and past it; through the others and their projections; to the pool and the answer.
  expect(count('class="edge"')).toBe(1 + (3 + 1) + 2 * (3 + 2) + 2);
});
