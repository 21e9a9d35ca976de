import { afterAll, expect, test, vi } from 'vitest';
import { transaction } from '../sql/transaction.ts';
import { testDb } from '../testing.ts';
import { type HoldoutEvent, matches, notify, openEvents } from './events.ts';

const db = await testDb();
const events = openEvents(db.url);
afterAll(() => events.close());

const event = (id: string) => ({ topic: 'run', id, projectId: 'p' }) as const;

test('a filter passes what matches each of its fields, and every resync', () => {
  expect(matches({}, event('1'))).toBe(true);
  expect(matches({ topics: ['dataset'] }, event('1'))).toBe(false);
  expect(matches({ topics: ['run'], id: '1', projectId: 'p' }, event('1'))).toBe(true);
  expect(matches({ id: '2' }, event('1'))).toBe(false);
  expect(matches({ projectId: 'q' }, event('1'))).toBe(false);
  expect(matches({ id: '2' }, { topic: 'resync' })).toBe(true);
});

test('events arrive with the commit, not before and not after a rollback', async () => {
  const heard: HoldoutEvent[] = [];
  events.subscribe({}, (e) => heard.push(e));
  await vi.waitFor(() => expect(heard).toContainEqual({ topic: 'resync' }));
  await transaction(db.pool, async (client) => {
    await notify(client, event('rolled back'));
    throw new Error('no');
  }).catch(() => {});
  await transaction(db.pool, (client) => notify(client, event('committed')));
  await vi.waitFor(() => expect(heard).toContainEqual(event('committed')));
  expect(heard).not.toContainEqual(event('rolled back'));
});

test('a lost connection is made again, with a resync for what may have been missed', async () => {
  const heard: HoldoutEvent[] = [];
  const stop = events.subscribe({ id: 'after' }, (e) => heard.push(e));
  await db.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE query = 'LISTEN holdout' AND datname = current_database()`);
  await vi.waitFor(() => expect(heard).toEqual([{ topic: 'resync' }]), 5_000);
  await notify(db.pool, event('after'));
  await vi.waitFor(() => expect(heard).toEqual([{ topic: 'resync' }, event('after')]));
  stop();
  await notify(db.pool, event('after'));
  expect(heard.length).toBe(2);
});

test('a subscriber that throws does not silence the others', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const heard: HoldoutEvent[] = [];
  events.subscribe({ id: 'x' }, () => {
    throw new Error('mine');
  });
  events.subscribe({ id: 'x' }, (e) => heard.push(e));
  await notify(db.pool, event('x'));
  await vi.waitFor(() => expect(heard.length).toBe(1));
  expect(logged).toHaveBeenCalled();
});
