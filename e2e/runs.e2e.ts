import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { RunConfigInput } from '#core/config/run-config.ts';
import { expect, expectAccessible, picture, test } from './fixtures.ts';
import type { TestServer } from './server.ts';
import { TeamApi } from './team-api.ts';

const DIGITS = path.resolve(import.meta.dirname, '../samples/digits-8x8.csv');
const mlp = (more: Partial<RunConfigInput> = {}): RunConfigInput => ({
  model: {
    layers: [
      { type: 'dense', name: 'dense1', units: 64, activation: 'relu' },
      { type: 'dense', name: 'dense2', units: 10 },
    ],
  },
  optimizer: { kind: 'adam' },
  learningRate: 0.001,
  batchSize: 64,
  epochs: 8,
  ...more,
});

async function digitsProject(server: TestServer, name: string) {
  const api = await TeamApi.create(server, name);
  const projectId = await api.createProject(name);
  await api.sealed(await api.upload(projectId, DIGITS));
  return { api, projectId };
}

const launchButton = (page: Page) => page.getByRole('button', { name: 'Launch the run' });

test('a run is launched from the form, watched live and stopped with its best weights kept', async ({
  admin,
  server,
}) => {
  const { projectId } = await digitsProject(server, 'Digits to launch');
  await admin.goto(`/p/${projectId}/runs`);
  await expect(admin.getByRole('heading', { name: 'No run yet' })).toBeVisible();
  await admin.getByRole('link', { name: 'Launch a run' }).click();

  await expect(
    admin.getByRole('region', { name: 'Layer table' }).getByRole('row', { name: /total 8,778/ }),
  ).toBeVisible();
  await expectAccessible(admin);

  // What is wrong is said beside the field, and nothing can be launched.
  await admin.getByRole('textbox', { name: 'Batch', exact: true }).fill('0');
  await expect(admin.getByText('Must be at least 1', { exact: true })).toBeVisible();
  await expect(launchButton(admin)).toBeDisabled();
  await admin.getByRole('textbox', { name: 'Batch', exact: true }).fill('32');

  await admin.getByRole('button', { name: 'Edit the layers' }).click();
  const layers = admin.getByLabel('Layers as JSON');
  const right = await layers.inputValue();
  await layers.fill(right.replace('"units": 10', '"units": 12'));
  await expect(
    admin.getByText(/"dense3" gives \[12\] but the task wants one number for each of the 10 classes/),
  ).toBeVisible();
  await expect(launchButton(admin)).toBeDisabled();
  await layers.fill(right);
  await expect(launchButton(admin)).toBeEnabled();

  // The JSON is the same configuration, both ways.
  await admin.getByRole('switch', { name: 'Dropout' }).check();
  await admin.getByRole('textbox', { name: 'Epochs', exact: true }).fill('100000');
  await admin.getByText('JSON', { exact: true }).click();
  const json = admin.getByLabel('Configuration as JSON');
  expect(JSON.parse(await json.inputValue())).toMatchObject({ batchSize: 32, epochs: 100_000 });
  expect(await json.inputValue()).toContain('"type": "dropout"');
  await json.fill((await json.inputValue()).replace('"learningRate": 0.001', '"learningRate": 0.002'));
  await admin.getByText('Form', { exact: true }).click();
  await expect(admin.getByRole('textbox', { name: 'Learning rate' })).toHaveValue('0.002');
  await picture(admin, 'launch');
  await launchButton(admin).click();

  await admin.waitForURL(/\/runs\/[0-9a-f-]{36}$/);
  await expect(admin.getByText('Training', { exact: true })).toBeVisible({ timeout: 60_000 });
  const loss = admin.getByRole('figure', { name: 'Loss' });
  await expect(loss.locator('canvas')).toBeVisible();
  const ruler = admin.getByRole('progressbar', { name: 'Epochs' });
  const epoch = async () => Number(await ruler.getAttribute('aria-valuenow'));
  await expect.poll(epoch).toBeGreaterThan(1);
  const before = await epoch();
  await expect.poll(epoch).toBeGreaterThan(before);
  await expectAccessible(admin);

  // The same numbers as a table; arrow keys read points.
  await loss.getByRole('button', { name: /^Table/ }).click();
  await expect(loss.getByRole('columnheader', { name: 'validation' })).toBeVisible();
  await loss.getByRole('button', { name: /^Chart/ }).click();
  await loss.locator('.plot').focus();
  await admin.keyboard.press('Home');
  await expect(loss.getByRole('status')).toContainText(/epoch/);

  // A reload loses nothing.
  await admin.reload();
  await expect(loss.locator('canvas')).toBeVisible();

  // A stop is for good: it is asked first, and Escape leaves the run as it was.
  const stop = admin.getByRole('button', { name: 'Stop, keep best' });
  await stop.click();
  await admin.keyboard.press('Escape');
  await expect(stop).toBeFocused();
  await stop.press('Enter');
  await expectAccessible(admin);
  await admin.getByRole('button', { name: 'Stop the run' }).press('Enter');
  await expect(admin.getByText('Stopped', { exact: true })).toBeVisible();
  await expect(admin.getByText(/The weights of epoch \d+, its best, are kept/).first()).toBeVisible();
  // Both ways that lead on are a press away.
  await expect(admin.getByText('A stopped run can’t go on.')).toBeVisible();
  await admin.getByRole('link', { name: 'Start from its weights' }).click();
  await expect(admin.getByRole('switch', { name: 'Transfer learning' })).toBeChecked();
  await expect(launchButton(admin)).toBeEnabled();
  await admin.goBack();
  await admin.getByRole('link', { name: 'Launch again' }).click();
  await expect(admin.getByRole('switch', { name: 'Transfer learning' })).not.toBeChecked();
  await admin.goBack();
  for (const [tab, sign] of [
    ['Model', 'dense1'],
    ['Configuration', '"learningRate": 0.002'],
    ['Log', 'Attempts'],
    ['Files', 'config.json'],
  ] as const) {
    await admin.getByRole('navigation', { name: 'Run', exact: true }).getByRole('link', { name: tab }).click();
    await expect(admin.getByText(sign).first()).toBeVisible();
    await expectAccessible(admin);
  }

  await admin.getByRole('link', { name: 'Copy and change' }).click();
  await expect(admin.getByText('Nothing yet. The same run again, seed and all.')).toBeVisible();
  await admin.getByRole('textbox', { name: 'Seed' }).fill('5');
  await expect(admin.getByText('+ seed 5')).toBeVisible();
});

test('runs are compared in a table and curves, and the address holds the view', async ({ admin, server, browser }) => {
  const { api, projectId } = await digitsProject(server, 'Digits to compare');
  const ids = [
    await api.launch(projectId, 'plain', mlp()),
    await api.launch(projectId, 'wide rate', mlp({ learningRate: 0.01 })),
    await api.launch(projectId, 'sgd', mlp({ optimizer: { kind: 'sgd' }, learningRate: 0.05, batchSize: 32 })),
  ];
  for (const id of ids) expect((await api.ended(id)).state).toBe('finished');

  await admin.goto(`/p/${projectId}/runs`);
  const table = admin.getByRole('region', { name: 'Runs table' });
  await expect(table.getByRole('row')).toHaveCount(4);
  await expect(admin.getByRole('figure', { name: 'validation' }).first().locator('canvas')).toBeVisible();
  // What tells them apart has a column of its own.
  await expect(table.getByRole('columnheader', { name: 'Batch' })).toBeVisible();
  await expectAccessible(admin);

  await table.getByRole('button', { name: 'Best accuracy' }).click();
  const best = async () => (await table.locator('tbody tr td:nth-child(6)').allTextContents()).map(Number);
  expect(await best()).toEqual((await best()).toSorted((a, b) => b - a));

  await admin.getByLabel(/Filter runs/).fill('(');
  await expect(admin.getByText(/Not a regular expression/)).toBeVisible();
  await admin.getByLabel(/Filter runs/).fill('plain|sgd');
  await expect(admin.getByText('2 of 3 match, 2 in the charts')).toBeVisible();
  await table.getByRole('button', { name: 'Pin plain' }).click();
  await table.getByRole('button', { name: 'Show sgd in the charts' }).click();
  await admin.getByText('Log', { exact: true }).click();
  await admin.getByText('Epoch', { exact: true }).click();
  await admin.getByLabel('Ignore outliers').uncheck();
  await expect(admin).toHaveURL(/q=plain%7Csgd.*hide=3.*pin=1.*x=epoch.*y=log.*outliers=show/);

  // The link alone shows a colleague the same.
  const colleague = await (await browser.newContext({ storageState: await admin.context().storageState() })).newPage();
  await colleague.goto(admin.url());
  await expect(colleague.getByText('2 of 3 match, 1 in the charts')).toBeVisible();
  await expect(colleague.getByRole('radio', { name: 'Epoch' })).toBeChecked();
  await expect(colleague.getByLabel('Ignore outliers')).not.toBeChecked();
  await expect(colleague.getByRole('button', { name: 'Pin plain' })).toHaveAttribute('aria-pressed', 'true');
  await colleague.close();

  const [download] = await Promise.all([
    admin.waitForEvent('download'),
    admin.getByRole('button', { name: 'CSV' }).click(),
  ]);
  const csv = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  expect(csv[0]).toMatch(/^run,name,State,Best accuracy/);
  expect(csv.slice(1).map((line) => line.split(',')[1])).toEqual(['plain', 'sgd']);

  // On a phone nothing runs over the edge.
  await admin.setViewportSize({ width: 390, height: 800 });
  const over = () => admin.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(await over()).toBeLessThanOrEqual(0);
  // The state and the best metric are in sight beside the name.
  const row = table.getByRole('row').filter({ hasText: 'plain' });
  await expect(row.locator('.name').getByText('Finished')).toBeInViewport({ ratio: 1 });
  await expect(row.getByRole('cell').nth(4)).toHaveText(/^0\.\d{3}$/);
  await expect(row.getByRole('cell').nth(4)).toBeInViewport({ ratio: 0.9 });
  for (const to of [`runs/new`, `runs/${ids[0]}`]) {
    await admin.goto(`/p/${projectId}/${to}`);
    await expect(admin.getByRole('heading', { level: 1 })).toBeVisible();
    expect(await over(), to).toBeLessThanOrEqual(0);
  }
});
