import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { RunEndedEarly } from './run-ended-early.tsx';
import type { RunDetail } from './run-page.tsx';

const run = {
  id: 'r',
  state: 'stopped',
  canWrite: true,
  config: { mode: 'train', epochs: 40, startFrom: null },
  checkpoints: [{ kind: 'best', epoch: 3 }],
};
const page = (change: object = {}) =>
  renderToStaticMarkup(<RunEndedEarly projectId="p" run={{ ...run, ...change } as unknown as RunDetail} />);

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

test('a failed run leads on in the same ways, and can’t be final; a cancelled one can only be launched', () => {
  const failed = page({ state: 'failed' });
  expect(failed).toContain(
    'A failed run can’t go on. Its kept weights can be exported under Files; a failed run can’t',
  );
  expect(failed).toContain('Start from its weights');
  const cancelled = page({ state: 'cancelled', checkpoints: [] });
  expect(cancelled).toContain('It never trained.');
  expect(cancelled).toContain('Launch again');
  expect(cancelled).not.toContain('Start from its weights');
});

test('nothing is said of runs that ended by themselves or go on, and of checks', () => {
  for (const state of ['finished', 'running', 'queued']) expect(page({ state })).toBe('');
  expect(page({ config: { mode: 'overfit_batch', epochs: 40 } })).toBe('');
});
