import { afterAll, expect, test, vi } from 'vitest';
import { type Events, type HoldoutEvent, notify, openEvents } from '#db/events/events.ts';
import { makeDataset, makeProject, makeRun } from '#db/testing/fixtures.ts';
import { testDb } from '#db/testing.ts';
import type { Actor } from '../actor.ts';
import { liveFilter } from './live-filter.ts';
import { liveStream } from './live-stream.ts';

const db = await testDb();
const events = openEvents(db.url);
afterAll(() => events.close());
await new Promise<void>((resolve) => {
  const stop = events.subscribe({ id: 'connected' }, () => {
    stop();
    resolve();
  });
});

/** Reads a stream into a growing text. */
function read(stream: ReadableStream<Uint8Array>) {
  const got = { text: '', ended: false };
  (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) got.text += decoder.decode(chunk, { stream: true });
    got.ended = true;
  })();
  return got;
}

test('says what changed in its project alone, many changes of one run gathered, also after its connection was cut', async () => {
  const abort = new AbortController();
  const got = read(liveStream(events, { projectId: 'mine' }, abort.signal));
  await vi.waitUntil(() => got.text.includes('data: {"topic":"resync"}'));
  for (let i = 0; i < 20; i++) await notify(db.pool, { topic: 'run', id: 'r1', projectId: 'mine' });
  await notify(db.pool, { topic: 'run', id: 'r2', projectId: 'other' });
  await vi.waitUntil(() => got.text.includes('"r1"'));
  expect(got.text.split('"r1"').length - 1).toBeLessThan(5);

  const before = got.text.split('resync').length;
  await db.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE query = 'LISTEN holdout' AND datname = current_database()`);
  await vi.waitUntil(() => got.text.split('resync').length > before, 5_000);
  await notify(db.pool, { topic: 'dataset', id: 'd1', projectId: 'mine' });
  await vi.waitUntil(() => got.text.includes('"d1"'));
  expect(got.text).not.toContain('r2');
  abort.abort();
  await vi.waitUntil(() => got.ended);
});

test('a reader that takes nothing is let go, so that what waits for it stays bounded', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  try {
    let tell: (event: HoldoutEvent) => void = () => {};
    const left = vi.fn();
    const many: Events = {
      subscribe: (_, callback) => {
        tell = callback;
        return left;
      },
      close: async () => {},
    };
    const stream = liveStream(many, {}, new AbortController().signal);
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 6_000; i++) tell({ topic: 'run', id: `${i}`, projectId: 'p' });
      expect(left).not.toHaveBeenCalled();
      vi.advanceTimersByTime(200);
    }
    expect(left).toHaveBeenCalledTimes(1);
    const got = read(stream);
    vi.useRealTimers();
    await vi.waitUntil(() => got.ended);
    expect(got.text.split('data:').length - 1).toBe(12_001);
  } finally {
    vi.useRealTimers();
  }
});

test('a reader may listen to what it may see, and a stranger gets what does not exist', async () => {
  const project = await makeProject(db);
  const dataset = await makeDataset(db, project);
  const run = await makeRun(db, { ...project, dataset });
  const actor = (userId: string): Actor => ({ userId, isAdmin: false, via: { kind: 'session', sessionId: 's' } });
  const ask = (userId: string, query: string) => liveFilter(db, actor(userId), new URLSearchParams(query));
  expect(await ask(project.user.id, `run=${run.id}`)).toEqual({ topics: ['run'], id: run.id });
  expect(await ask(project.user.id, `project=${project.project.id}`)).toEqual({ projectId: project.project.id });
  const stranger = (await makeProject(db)).user.id;
  await expect(ask(stranger, `run=${run.id}`)).rejects.toMatchObject({ code: 'not_found' });
  await expect(ask(stranger, `project=${project.project.id}`)).rejects.toMatchObject({ code: 'not_found' });
  await expect(ask(stranger, '')).rejects.toMatchObject({ code: 'bad_request' });
});
