import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { AppError } from '#core/errors.ts';
import { namelessFile } from './nameless-file.ts';
import { runInChild } from './run-in-child.ts';

const CHILD = path.join(import.meta.dirname, 'child-for-tests.ts');
const folder = await mkdtemp(path.join(tmpdir(), 'holdout-elsewhere-'));
afterAll(() => rm(folder, { recursive: true }));
const { signal } = new AbortController();
const run = (job: string, input: unknown = null) => runInChild(CHILD, { job, input }, { signal });
const refused = (job: string) => run(job).catch((error) => error);

test('an order, a file with it, and what it makes of both', async () => {
  const upload = await namelessFile();
  await upload.write(Buffer.from('weights'), 0, 7, 0);
  const { answer, content, bytes } = await runInChild(CHILD, { job: 'double', input: 21 }, { signal, upload });
  await upload.close();
  expect([answer, bytes, await text(content)]).toEqual([42, 8, 'weights!']);
});

test('an AppError comes with its code, words, places and details, and the cause for the log', async () => {
  const error = await refused('refuse');
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({
    code: 'invalid_data',
    message: 'Layer "dense" lacks weights.',
    items: [{ path: 'dense/kernel', message: 'is missing' }],
    details: { layer: 3 },
    cause: expect.stringContaining('RangeError: at byte 7'),
    stack: expect.stringContaining('child-for-tests.ts'),
  });
});

test('what nobody foresaw stays that, with the place where it broke', async () => {
  const error = await refused('break');
  expect(error).not.toBeInstanceOf(AppError);
  expect(error).toMatchObject({
    message: 'x is not a function',
    stack: expect.stringContaining('child-for-tests.ts'),
  });
});

test.each(['crash', 'fillMemory'])(
  'a process that dies (%s) is an error in words, and the next one works',
  async (job) => {
    expect(await refused(job)).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('ended before it was done'),
      details: { job, killedBy: expect.stringMatching(/^SIG/) },
    });
    expect(await refused('refuse')).toMatchObject({ code: 'invalid_data' });
  },
);

test('it is the first to end where memory runs out, ends when who asked goes away, and leaves no file', async () => {
  const away = new AbortController();
  const file = path.join(folder, 'pid');
  const before = await namelessFilesIn();
  const work = runInChild(CHILD, { job: 'tellAndHang', input: file }, { signal: away.signal });
  const ended = expect(work).rejects.toMatchObject({ name: 'AbortError' });
  await expect.poll(() => readFile(file, 'utf8').catch(() => ''), { timeout: 20_000 }).not.toBe('');
  const place = `/proc/${await readFile(file, 'utf8')}`;
  expect(await readFile(`${place}/oom_score_adj`, 'utf8')).toBe('1000\n');
  away.abort();
  await ended;
  expect(existsSync(place)).toBe(false);
  expect(await namelessFilesIn()).toEqual(before);
});

/** Names of files whose own name is gone, among those that this process has open. */
async function namelessFilesIn(): Promise<string[]> {
  const open = await readdir('/proc/self/fd');
  const places = await Promise.all(open.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return places.filter((place) => /holdout-[\w-]+ \(deleted\)$/.test(place)).sort();
}
