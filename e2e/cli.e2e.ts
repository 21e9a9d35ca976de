import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

/** The whole path from a shell, as the README shows it: the real command against the real server, trainer and referee. */

async function trpc<T>(page: Page, name: string, input: unknown): Promise<T> {
  const response = await page.request.post(`/api/trpc/${name}`, { data: { json: input } });
  expect(response.ok(), `${name}: ${await response.text()}`).toBe(true);
  return (await response.json()).result.data.json as T;
}

/** A team of the administrator's own, and a token that may do everything. */
async function tokenOfTeam(page: Page): Promise<string> {
  const course = await trpc<{ id: string }>(page, 'courses.create', { name: 'Machine learning', term: '' });
  const team = await trpc<{ id: string }>(page, 'courses.createTeam', { courseId: course.id, name: 'Kestrel' });
  const { result } = await (await page.request.get('/api/trpc/people.frame')).json();
  const userId = result.data.json.me.id as string;
  await trpc(page, 'courses.setMember', { courseId: course.id, userId, teamId: team.id });
  const scopes = ['read', 'run', 'submit'];
  const made = await trpc<{ token: string }>(page, 'account.createToken', {
    name: 'cli',
    scopes,
    projectId: null,
    days: 1,
  });
  return made.token;
}

test('project, upload, run, series, opening and certificate by the command alone', async ({ admin, server }) => {
  const token = await tokenOfTeam(admin);
  const folder = mkdtempSync(path.join(tmpdir(), 'holdout-cli-'));
  const file = (name: string) => path.join(folder, name);
  const holdout = async (...args: string[]) => {
    const env = { NODE_ENV: 'test', HOLDOUT_URL: server.url, HOLDOUT_TOKEN: token, XDG_CONFIG_HOME: folder } as const;
    const child = spawn(process.execPath, ['src/cli/bin.cjs', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, err, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise((resolve) => child.once('close', resolve)),
    ]);
    return { out, err, code };
  };
  const fine = async (...args: string[]) => {
    const result = await holdout(...args);
    expect(result.code, `holdout ${args.join(' ')}\n${result.err}`).toBe(0);
    expect(result.out + result.err).not.toContain(token);
    return result;
  };

  try {
    await fine('project', 'create', 'Iris');
    const uploaded = await fine('dataset', 'upload', 'samples/iris.csv', '--target', 'species', '--json');
    const dataset = JSON.parse(uploaded.out);
    expect(dataset).toMatchObject({ state: 'sealed', schema: { kind: 'tabular-classification' } });
    expect(dataset.items.train + dataset.items.validation + dataset.items.test).toBe(150);

    writeFileSync(file('run.json'), JSON.stringify({ epochs: 30, seed: 3 }));
    const run = await fine(
      'run',
      'launch',
      '--preset',
      'mlp',
      '--config',
      file('run.json'),
      '--name',
      'first',
      '--follow',
    );
    expect(run.err).toMatch(/epoch +30 .*accuracy\/validation/);
    expect(run.err).toContain('first is finished');

    const csv = (await fine('series', 'export', 'first', '--csv')).out.trimEnd().split('\n');
    expect(csv[0]).toBe('name,step,time,value');
    expect(csv.filter((line) => line.startsWith('loss/validation,'))).toHaveLength(30);

    const wrong = await holdout('final', 'open', 'first', '--confirm', 'iris');
    expect(wrong).toMatchObject({ code: 64, err: expect.stringContaining('Iris') });
    const opened = JSON.parse((await fine('final', 'open', 'first', '--confirm', 'Iris', '--json')).out);
    expect(opened).toMatchObject({ state: 'opened', opening: { run: { name: 'first' }, n: dataset.items.test } });
    expect(opened.opening.result.value).toBeGreaterThan(0.6);

    const again = JSON.parse((await fine('final', 'open', 'first', '--confirm', 'Iris', '--json')).out);
    expect(again).toEqual(opened);
    await fine('final', 'show', '--certificate', file('certificate.json'), '--keys', file('keys.json'));
    const verified = await fine('final', 'verify', file('certificate.json'), '--keys', file('keys.json'));
    expect(verified.err).toContain('Genuine');

    const forged = readFileSync(file('certificate.json'), 'utf8').replace('"Iris"', '"Iris 2"');
    writeFileSync(file('certificate.json'), forged);
    const refused = await holdout('final', 'verify', file('certificate.json'), '--keys', file('keys.json'));
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('Not genuine') });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
