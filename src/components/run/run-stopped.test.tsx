import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { RunDetail } from './run-page.tsx';
import { RunStopped } from './run-stopped.tsx';

const run = {
  id: 'r',
  state: 'stopped',
  canWrite: true,
  config: { mode: 'train', epochs: 40, startFrom: null },
  checkpoints: [{ kind: 'best', epoch: 3 }],
};
const page = (change: object = {}) =>
  renderToStaticMarkup(<RunStopped projectId="p" run={{ ...run, ...change } as unknown as RunDetail} />);

test('a stopped run says that it can’t go on, and links to both ways that lead on', () => {
  const html = page();
  expect(html).toContain('A stopped run can’t go on.');
  expect(html).toMatch(/href="\/p\/p\/runs\/new\?from=r"[^>]*>.*Launch again/);
  expect(html).toMatch(/href="\/p\/p\/runs\/new\?from=r&amp;weights=best"[^>]*>.*Start from its weights/);
  expect(html).toContain('epoch 3');
});

test('what a stopped run froze is frozen again, and that is said', () => {
  const frozen = { freezeUpTo: 'pool2', secondStage: null };
  const of = (startFrom: object) => page({ config: { ...run.config, startFrom } });
  expect(of(frozen)).toContain('begin anew. Layers up to pool2 are frozen again.');
  expect(of({ ...frozen, secondStage: { epoch: 5 } })).toContain('frozen again, for its first 5 epochs.');
  expect(page()).not.toContain('frozen');
});

test('without kept weights it can only be launched again', () => {
  const html = page({ checkpoints: [] });
  expect(html).toContain('Launch again');
  expect(html).not.toContain('Start from its weights');
});

test('whoever may only read gets no links', () => {
  expect(page({ canWrite: false })).toMatch(/A stopped run can’t go on\./);
  expect(page({ canWrite: false })).not.toContain('<a ');
});

test('nothing is said of runs that were not stopped, and of checks', () => {
  expect(page({ state: 'finished' })).toBe('');
  expect(page({ config: { mode: 'overfit_batch', epochs: 40 } })).toBe('');
});
