import type { Pool } from 'pg';
import { describe, expect, test } from 'vitest';
import type { Prepared } from './prepare.ts';
import { reportItems } from './report-items.ts';
import type { RunWriter } from './run-writer.ts';

const held = { runId: 'r', attempt: 1 };

test('a report whose answers would not fit into memory is left out in words, before any is computed', async () => {
  const log: string[] = [];
  const prepared = {
    task: { kind: 'classification', classes: 10_000 },
    validation: { n: 20_000 },
    checkpointer: { best: {} },
    plan: { config: { mode: 'train' } },
  } as unknown as Prepared;
  const writer = { log: (_, message) => log.push(message) } as Pick<RunWriter, 'log'> as RunWriter;
  await reportItems(prepared, null as never, held, writer, Promise.resolve({ kept: true }));
  expect(log).toEqual([
    'Worst items and confusion are left out: 20,000 validation items with 10,000 answers each are more than memory is kept for.',
  ]);
});

describe('a report that is made', () => {
  const prepared = {
    engine: { predict: async () => Float32Array.of(2, 0, 0, 1) },
    input: { kind: 'vector', features: 1 },
    task: { kind: 'classification', classes: 2 },
    validation: { x: Float32Array.of(0, 1), y: Int32Array.of(0, 1), n: 2 },
    checkpointer: { best: { epoch: 3, weights: new Map() } },
    plan: { config: { mode: 'train' } },
  } as unknown as Prepared;
  const log: string[] = [];
  const writer = { log: (_, message) => log.push(message) } as Pick<RunWriter, 'log'> as RunWriter;
  /** A database that is away for the first `away` connections, and what it is told after. */
  function database(away: number) {
    const statements: string[] = [];
    const query = async (text: string) => {
      statements.push(text);
      return { rowCount: 1, rows: [] };
    };
    const client = { query, on() {}, off() {}, release() {} };
    const connect = async () => {
      if (away-- > 0) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      return client;
    };
    return { pool: { connect } as unknown as Pool, statements };
  }

  test('is stored once the database answers again', async () => {
    const { pool, statements } = database(2);
    await reportItems(prepared, pool, held, writer, Promise.resolve({ kept: true }));
    expect(statements.filter((text) => text.includes('RunItemReport'))).toHaveLength(1);
    expect(log).toEqual([]);
  });

  test('is not stored where its weights could not be saved', async () => {
    const { pool, statements } = database(0);
    await reportItems(prepared, pool, held, writer, Promise.resolve({ kept: false }));
    expect(statements).toEqual([]);
  });
});
