import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { ADMIN, TestServer } from './server.ts';

const PICTURES = path.resolve(import.meta.dirname, '../docs/pictures');

/** Fills in the sign-in page as a person does, and waits for the page behind it. */
export async function signIn(page: Page, who: { email: string; password: string } = ADMIN): Promise<void> {
  await page.goto('/signin');
  await page.getByLabel('E-mail').fill(who.email);
  await page.getByLabel('Password', { exact: true }).fill(who.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL((url) => url.pathname !== '/signin');
}

/** Nothing serious or critical for axe on the page as it stands; the message names rule and element. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((n) => `  ${n.target.join(' ')}`).join('\n')}`);
  expect(serious, `axe on ${page.url()}`).toEqual([]);
}

/** Writes docs/pictures/NAME.png when HOLDOUT_PICTURES=1; the README shows those. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.HOLDOUT_PICTURES !== '1') return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: path.join(PICTURES, `${name}.png`), animations: 'disabled' });
}

/**
 * `server`: one a worker, with the administrator ADMIN. `page` opens on it; `admin` is a page signed in as ADMIN.
 * Tests that kill or stop a server start one of their own: `TestServer.start()`.
 */
export const test = base.extend<{ admin: Page }, { server: TestServer }>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names from the pattern
    async ({}, use) => {
      const server = await TestServer.start();
      await use(server);
      await server.remove();
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  admin: async ({ page }, use) => {
    await signIn(page);
    await use(page);
  },
});

export { expect } from '@playwright/test';
export { ADMIN, TestServer } from './server.ts';
