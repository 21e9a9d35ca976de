import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, picture, test } from './fixtures.ts';
import { TeamApi } from './team-api.ts';

const sample = (name: string) => path.resolve(import.meta.dirname, '../samples', name);

/** Opens the data page of a new project. */
async function openProject(page: Page, api: TeamApi, name: string): Promise<string> {
  const projectId = await api.createProject(name);
  await page.goto(`/p/${projectId}/data`);
  await expect(page.getByRole('button', { name: 'Choose a file' })).toBeVisible();
  return projectId;
}
const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const picker = (page: Page) => page.getByLabel('File to upload');

test('a table with faults is refused or listed line by line, and the person decides', async ({
  admin: page,
  server,
}) => {
  const api = await TeamApi.create(server, 'Faults');
  await openProject(page, api, 'Faults');
  await picker(page).setInputFiles(file('empty.csv', ''));
  await expect(page.getByRole('alert').filter({ hasText: 'empty.csv is empty: 0 bytes' })).toBeVisible();

  await picker(page).setInputFiles(file('twice.csv', 'a,b,a\n1,2,3\n'));
  await expect(page.getByText('twice.csv was refused.')).toBeVisible();
  await expect(page.getByText('twice.csv:1').first()).toBeVisible();

  const rows = Array.from({ length: 60 }, (_, i) => `${i / 7},${i % 5},${i % 2 ? 'yes' : 'no'}`);
  rows[9] = '1,2';
  await picker(page).setInputFiles(file('ragged.csv', ['a,b,label', ...rows, '3,3,maybe'].join('\n')));
  await expect(page.getByText('has 2 values; the header names 3 columns')).toBeVisible();
  await expect(page.getByText('class "maybe"')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Split and seal' })).toBeDisabled();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Cancel and delete this upload' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the upload' }).click();
  await expect(page.getByRole('button', { name: 'Choose a file' })).toBeVisible();

  await picker(page).setInputFiles(file('ragged.csv', ['a,b,label', ...rows, '3,3,maybe'].join('\n')));
  await page.getByLabel('Leave out the 2 places above').check();
  await page.getByRole('button', { name: 'Split and seal' }).click();
  await expect(page.getByText('2 places left out')).toBeVisible();
  await page.getByRole('button', { name: 'See them' }).click();
  await expect(page.getByRole('dialog').getByText('ragged.csv:11')).toBeVisible();
});

test('an upload that breaks off goes on after a reload, and ends sealed with only the number of test items in sight', async ({
  admin: page,
  server,
}) => {
  const api = await TeamApi.create(server, 'Kestrel');
  const projectId = await openProject(page, api, 'Facial keypoints');
  let patches = 0;
  await page.route('**/api/uploads/*', (route) => {
    if (route.request().method() === 'PATCH') patches++;
    return route.request().method() === 'PATCH' ? route.abort() : route.continue();
  });
  await picker(page).setInputFiles(sample('faces-keypoints.zip'));
  await expect.poll(() => patches).toBeGreaterThan(0);
  // In this order: the page tries again on its own, and would end the upload before the reload.
  await page.reload();
  await page.unroute('**/api/uploads/*');
  await expect(page.getByText('faces-keypoints.zip has not arrived in full')).toBeVisible();
  const posts: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/api/uploads')) posts.push(request.url());
  });
  await picker(page).setInputFiles(sample('faces-keypoints.zip'));
  await expect(page.getByText('600 grey images of 96 × 96 with 15 points')).toBeVisible();
  expect(posts, 'the same upload went on').toEqual([]);
  await expect(page.getByText('60 lack some points')).toBeVisible();
  await page.getByRole('button', { name: 'Split and seal' }).click();
  await expect(page.getByText('90 test')).toBeVisible();
  await expect(page.getByText('420 train')).toBeVisible();
  await expect(page.locator('.thumbs img').first()).toBeVisible();
  await expectAccessible(page);
  await picture(page, 'data');

  await page.getByText('Validation 90').click();
  await expect(page.getByText('1 to 30 of 90')).toBeVisible();
  await page.locator('.thumbs button').first().click();
  await expect(page.getByRole('dialog').locator('img')).toBeVisible();
  const { items } = await api.call<{ items: { id: string }[] }>('GET', `/projects/${projectId}/datasets`);
  const image = (part: string) => page.request.get(`/api/datasets/${items[0]!.id}/items/${part}/0/image`);
  expect((await image('validation')).status()).toBe(200);
  expect((await image('test')).status()).toBe(404);

  // Before a launch its augmentation is seen on items of the train part.
  await page.goto(`/p/${projectId}/runs/new`);
  await page.getByRole('switch', { name: 'Augmentation' }).check();
  const pictures = page.getByRole('img', { name: /augmented$/ });
  await expect(pictures).toHaveCount(16);
  const drawn = () => pictures.first().evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const before = await drawn();
  await page.getByLabel('Rotation, °').fill('90');
  await expect.poll(drawn).not.toBe(before);
  await page.getByLabel('Horizontal flip').check();
  await expect(page.getByText('A mirror image swaps 6 pairs of points')).toBeVisible();
  await page.getByRole('button', { name: 'Remove left_eye_center ↔ right_eye_center' }).click();
  await expect(page.getByText('A mirror image swaps 5 pairs of points.')).toBeVisible();
  await page.getByLabel('Swap', { exact: true }).selectOption('left_eye_center');
  await page.getByLabel('Swap with', { exact: true }).selectOption('right_eye_center');
  await page.getByRole('button', { name: 'Add the pair' }).click();
  await expect(page.getByText('A mirror image swaps 6 pairs of points.')).toBeVisible();
  await page.getByRole('button', { name: 'Put back as proposed' }).click();
  await expect(page.getByText('6 pairs of points, as their names say.')).toBeVisible();
  await expectAccessible(page);
});
