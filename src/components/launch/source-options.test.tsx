import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { groupsByOwner, SourceOptions } from './source-options.tsx';
import type { Source } from './use-sources.ts';

const source = (more: Partial<Source>): Source => ({
  ...{ id: 'a', source: { run: 'a' }, name: 'wide', number: 26, project: { id: 'p', name: 'Digits' }, team: 'Reds' },
  ...{ shared: false, bestValue: 0.9531, metric: 'accuracy', diverged: false, parameters: 9, elsewhere: true },
  ...{ model: { layers: [] }, input: { kind: 'vector', features: 2 } },
  ...more,
});

test('each source is told with its score', () => {
  const html = renderToStaticMarkup(
    <SourceOptions
      groups={groupsByOwner([
        source({}),
        source({ id: 'b', number: 3, metric: 'rmse', bestValue: 1.25, diverged: true }),
        source({ id: 'c', number: 4, bestValue: null, shared: true }),
        source({ id: 'd', number: null, metric: null, bestValue: null, name: 'net' }),
      ])}
    />,
  );
  expect(html.match(/(?<=<option[^>]*>)[^<]+/g)).toEqual([
    'r-0026 wide, Digits: accuracy 0.953',
    'r-0003 wide, Digits: RMSE 1.250, diverged',
    'r-0004 wide, Reds: no score',
    'net, Digits, uploaded',
  ]);
  expect(html.match(/(?<=label=")[^"]+/g)).toEqual(['Runs of your team', 'Shared with the course', 'Uploaded models']);
});
