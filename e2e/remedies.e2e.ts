import path from 'node:path';
import type { RunConfigInput } from '#core/config/run-config.ts';
import { expect, expectAccessible, test } from './fixtures.ts';
import { TeamApi } from './team-api.ts';

const DIGITS = path.resolve(import.meta.dirname, '../samples/digits-8x8.csv');
const dense = (n: number, units: number, activation: 'relu' | 'linear') =>
  ({ type: 'dense', name: `dense${n}`, units, activation }) as const;
/** Learns 1,258 rows by heart in a second. */
const WIDE: RunConfigInput = {
  model: { layers: [dense(1, 128, 'relu'), dense(2, 128, 'relu'), dense(3, 10, 'linear')] },
  optimizer: { kind: 'adam' },
  learningRate: 0.003,
  batchSize: 64,
  epochs: 40,
  seed: 7,
};

test('what a diagnosis asks for is tried with a button, and compared pair by pair', async ({ admin, server }) => {
  const api = await TeamApi.create(server, 'Remedies');
  const projectId = await api.createProject('Remedies');
  await api.sealed(await api.upload(projectId, DIGITS));
  const run = await api.launch(projectId, 'wide plain', WIDE);
  await api.ended(run);

  await admin.goto(`/p/${projectId}/runs/${run}`);
  await expect(admin.getByRole('heading', { name: /Overfitting since epoch/ })).toBeVisible();
  await admin.getByRole('button', { name: 'Dropout 0.3' }).click();
  const dialog = admin.getByRole('dialog', { name: 'Try a remedy' });
  await expect(dialog.getByRole('radio', { name: /^Dropout 0\.3/ })).toBeChecked();
  await expect(dialog.getByText('+ dropout1.rate 0.3')).toBeVisible();
  await expectAccessible(admin);
  await dialog.getByRole('radio', { name: '3', exact: true }).check();
  await dialog.getByRole('button', { name: 'Try dropout 0.3 over 3 seeds' }).click();

  await expect(admin.getByRole('heading', { name: 'Dropout 0.3', level: 1 })).toBeVisible();
  // Three seeds on each side have ended: the difference has its interval.
  await expect(admin.getByText(/Dropout 0\.3 (changed|made) validation accuracy .*95 % interval/)).toBeVisible({
    timeout: 120_000,
  });
  const seeds = admin.getByRole('region', { name: 'Runs by seed' });
  await expect(seeds.getByText('Finished')).toHaveCount(6);
  await expect(seeds.getByRole('row', { name: /^7 r-0001 / })).toBeVisible();
  await expectAccessible(admin);

  await admin.getByRole('link', { name: /^r-0001 / }).click();
  await expect(admin.getByRole('link', { name: 'Dropout 0.3' })).toBeVisible();
});

test('a run that became not a number is compared with what mends it', async ({ admin, server }) => {
  const api = await TeamApi.create(server, 'Diverged');
  const projectId = await api.createProject('Diverged');
  await api.sealed(await api.upload(projectId, DIGITS));
  const run = await api.launch(projectId, 'too fast', {
    ...WIDE,
    optimizer: { kind: 'sgd', momentum: 0.95 },
    learningRate: 2,
    epochs: 12,
  });
  await api.ended(run);

  await admin.goto(`/p/${projectId}/runs/${run}`);
  await expect(admin.getByText('SGD, momentum 0.95, batch 64')).toBeVisible();
  await admin.getByRole('button', { name: 'Learning rate 0.005' }).click();
  const dialog = admin.getByRole('dialog', { name: 'Try a remedy' });
  await expect(dialog.getByText(/Up to 5 new runs: .* this run first, is taken over/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Try learning rate 0.005 over 3 seeds' }).click();

  await expect(
    admin.getByText(
      /As it was: 3 of 3 became not a number\. With learning rate 0\.005: 3 of 3 trained, accuracy 0\.9\d\d \(0\.9\d\d to 0\.9\d\d\)\.$/,
    ),
  ).toBeVisible({ timeout: 120_000 });
  await expect(
    admin.getByText('No points: the runs became not a number before the first of them.').first(),
  ).toBeVisible();
  await expect(admin.getByText('not counted')).toHaveCount(0);
  await expect(admin.getByRole('navigation').getByRole('link', { name: /^Runs\s*6$/ })).toBeVisible();
  await expectAccessible(admin);
});
