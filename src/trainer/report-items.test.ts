import { expect, test } from 'vitest';
import type { Prepared } from './prepare.ts';
import { reportItems } from './report-items.ts';
import type { RunWriter } from './run-writer.ts';

test('a report whose answers would not fit into memory is left out in words, before any is computed', async () => {
  const log: string[] = [];
  const prepared = {
    task: { kind: 'classification', classes: 10_000 },
    validation: { n: 20_000 },
    checkpointer: { best: {} },
    plan: { config: { mode: 'train' } },
  } as unknown as Prepared;
  const writer = { log: (_, message) => log.push(message) } as Pick<RunWriter, 'log'> as RunWriter;
  await reportItems(prepared, null as never, { runId: 'r', attempt: 1 }, writer);
  expect(log).toEqual([
    'Worst items and confusion are left out: 20,000 validation items with 10,000 answers each are more than memory is kept for.',
  ]);
});
