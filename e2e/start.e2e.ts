import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ADMIN, expect, expectAccessible, signIn, TestServer, test } from './fixtures.ts';

const MAIN = path.resolve(import.meta.dirname, '../scripts/main.ts');

/** What a start with this environment prints when it refuses. */
function refusedStart(env: Record<string, string>) {
  return spawnSync(process.execPath, [MAIN, 'start'], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 60_000,
  });
}

/** Processes whose environment names the data folder, Postgres among them. */
function processesOf(data: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return (
          readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`HOLDOUT_DATA=${data}\0`) ||
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(data)
        );
      } catch {
        return false;
      }
    });
}

test('the printed link creates the administrator, once', async ({ page }) => {
  const server = await TestServer.start({ env: { HOLDOUT_ADMIN_EMAIL: '', HOLDOUT_ADMIN_PASSWORD: '' } });
  try {
    const link = server.setupLink;
    expect(link).toMatch(/\/setup\?token=[\w-]{43}$/);
    await page.goto(`${server.url}/`);
    await expect(page).toHaveURL(/\/setup$/);
    await expect(page.getByText('has no administrator yet')).toBeVisible();
    await page.goto(link ?? '');
    await expectAccessible(page);
    await page.getByLabel('Name').fill('Ada Lovelace');
    await page.getByLabel('E-mail').fill(ADMIN.email);
    for (const field of await page.locator('input[type=password]').all()) await field.fill(ADMIN.password);
    await page.locator('button[type=submit]').click();
    await page.waitForURL((url) => !url.pathname.startsWith('/setup'));
    await expectAccessible(page);
    await page.context().clearCookies();
    await page.goto(link ?? '');
    await expect(page.getByText('the set-up link was used already')).toBeVisible();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await expect(page).toHaveURL(/\/signin/);
  } finally {
    await server.remove();
  }
});

test('the administrator of the environment signs in; a wrong password is refused', async ({ page }) => {
  await page.goto('/signin');
  await expectAccessible(page);
  await page.getByLabel('E-mail').fill(ADMIN.email);
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: /./ }).first()).toBeVisible();
  await expect(page).toHaveURL(/\/signin/);
  await signIn(page);
  await expectAccessible(page);
});

test('every page carries a policy that runs no script but its own', async ({ page, server }) => {
  const response = await page.goto('/signin');
  const headers = response?.headers() ?? {};
  expect(headers['content-security-policy']).toMatch(
    /script-src 'self' 'nonce-[^']+' 'strict-dynamic';.*frame-ancestors 'none'/,
  );
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['referrer-policy']).toBe('same-origin');
  const health = await fetch(`${server.url}/api/health`);
  expect(health.status).toBe(200);
  expect(health.headers.get('content-security-policy')).toContain("default-src 'none'");
});

test('a second start on the same data folder, or on a taken port, says so and ends', async ({ server }) => {
  const folder = refusedStart({ HOLDOUT_DATA: server.data, PORT: '0' });
  expect(folder.status).toBe(1);
  expect(folder.stderr).toContain(
    `already runs on ${server.data} (process ${server.pid('supervisor')}, ${server.url})`,
  );
  const port = refusedStart({ HOLDOUT_DATA: `${server.data}-other`, PORT: new URL(server.url).port });
  expect(port.status).toBe(1);
  expect(port.stderr).toMatch(/Port \d+ is taken by another program. Choose: PORT=\d+ npm start/);
  const bad = refusedStart({ PORT: 'eighty' });
  expect(bad.status).toBe(1);
  expect(bad.stderr).toContain('PORT');
});

test('every process comes back after kill -9, and Ctrl-C or a crash of the supervisor leaves none', async () => {
  const server = await TestServer.start();
  try {
    for (const name of ['web', 'postgres', 'trainer', 'referee'] as const) await server.kill(name);
    await expect
      .poll(async () => (await fetch(`${server.url}/api/health`).catch(() => null))?.status, { timeout: 30_000 })
      .toBe(200);

    const begun = Date.now();
    await server.stop();
    await expect.poll(() => processesOf(server.data), { timeout: 5000 }).toEqual([]);
    expect(Date.now() - begun).toBeLessThan(5000);

    await server.start();
    await server.stop('SIGKILL');
    await expect.poll(() => processesOf(server.data), { timeout: 10_000 }).toEqual([]);

    // What was committed is there: the administrator, so no set-up link.
    await server.start();
    expect(server.setupLink).toBeNull();
  } finally {
    await server.remove();
  }
});
