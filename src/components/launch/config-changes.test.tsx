import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { withDropout } from '#core/config/dropout.ts';
import { defaultConfig } from '#core/config/presets.ts';
import { ConfigChanges } from './config-changes.tsx';

const before = defaultConfig({ kind: 'vector', features: 4 }, { kind: 'classification', classes: 3 }, 100);
const lines = (after: unknown) =>
  [
    ...renderToStaticMarkup(<ConfigChanges before={before} after={after} same="same" />).matchAll(
      /<(?:ins|del)>(.*?)<\/(?:ins|del)>/g,
    ),
  ].map((m) => m[1]);

test('a changed value goes out and comes in; a new layer is told by its values, not its type', () => {
  const model = withDropout(before.model, before.model.layers[0]!, 0.3);
  expect(lines({ ...before, seed: 8, model })).toEqual(['+ dropout1.rate 0.3', '− seed 0', '+ seed 8']);
});
test('a layer without values of its own is told by its type', () => {
  const layers = [...before.model.layers, { type: 'flatten', name: 'end' }];
  expect(lines({ ...before, model: { layers } })).toEqual(['+ end.type flatten']);
});
test('what is off and comes on has no line for being off', () => {
  const stop = { metric: 'loss', direction: 'min', patience: 5, minDelta: 0, warmupEpochs: 0 };
  expect(lines({ ...before, earlyStopping: stop }).every((line) => line!.startsWith('+ earlyStopping.'))).toBe(true);
});
test('nothing changed is said', () => {
  expect(renderToStaticMarkup(<ConfigChanges before={before} after={before} same="Nothing yet." />)).toContain(
    'Nothing yet.',
  );
});
