import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { presetsFor } from '#core/config/presets.ts';
import { inputOf, taskOf } from '#core/data/dataset-schema.ts';
import { verifyCertificate } from '#core/seal/certificate.ts';
import type { TestResult } from '#core/seal/result.ts';
import { type Db, openDb } from '#db/client.ts';
import { openEngine } from '#engine/open-engine.ts';
import { sealedIris, trainedIris } from '#referee/score/testing/iris.ts';
import { hashPassword } from '#server/people/password.ts';
import { expect, expectAccessible, picture, signIn, type TestServer, test } from './fixtures.ts';
import { TeamApi } from './team-api.ts';

const PASSWORD = 'correct horse battery staple';
let iris: Awaited<ReturnType<typeof trainedIris>>;
test.beforeAll(async () => {
  const engine = await openEngine();
  iris = await trainedIris(engine);
  await engine.close();
});

/** A project whose data this server's referee has sealed, with one finished run; Amira is in its team, Weber teaches. */
async function sealedWorld(server: TestServer, db: Db, name = 'Iris warm-up') {
  const world = await sealedIris(db, server.data, iris);
  const { student, instructor, projectId } = world;
  const passwordHash = await hashPassword(PASSWORD);
  await db.prisma.user.updateMany({ where: { id: { in: [student.id, instructor.id] } }, data: { passwordHash } });
  await db.prisma.project.update({ where: { id: projectId }, data: { name } });
  await db.prisma.course.update({ where: { id: world.course.id }, data: { name: 'Machine Learning I' } });
  const as = (page: Page, email: string) => signIn(page, { email, password: PASSWORD });
  return {
    ...world,
    name,
    asStudent: (page: Page) => as(page, student.email),
    asTeacher: (page: Page) => as(page, instructor.email),
  };
}

test('a member types the name, the referee opens once, everyone sees the certificate', async ({
  page,
  server,
  browser,
}) => {
  const db = openDb(server.databaseUrl, 2);
  const world = await sealedWorld(server, db);
  const address = `${server.url}/p/${world.projectId}/final`;
  await world.asStudent(page);
  await page.goto(address);
  await expect(page.getByRole('heading', { name: 'The test part is sealed' })).toBeVisible();
  await expect(page.getByText('30 rows, yours')).toBeVisible();
  await expectAccessible(page);

  // Staff read along, and can't open.
  const teacher = await (await browser.newContext({ baseURL: server.url })).newPage();
  await world.asTeacher(teacher);
  await teacher.goto(address);
  await expect(teacher.getByText('Only members of team Kestrel can open it')).toBeVisible();
  await expect(teacher.getByRole('button', { name: 'Open the test part' })).toHaveCount(0);

  const open = page.getByRole('button', { name: 'Open the test part' });
  const field = page.getByLabel(/Type the project’s name/);
  await field.fill(world.name.toLowerCase());
  await expect(open).toBeDisabled();
  await field.fill(world.name);
  await open.click();

  for (const each of [page, teacher]) {
    await expect(each.getByRole('article', { name: 'Certificate' })).toBeVisible({ timeout: 60_000 });
    await expect(each.locator('.figure')).toHaveText(/^\d+\.\d %$/);
    await expect(each.getByText(/95 % interval .* \(Wilson\)/)).toBeVisible();
  }
  await expect(page.getByRole('link', { name: /Final test.*opened/ })).toBeVisible();
  await expectAccessible(page);
  await picture(page, 'final-certificate');

  await page.getByRole('button', { name: 'Verify this certificate' }).click();
  await expect(page.getByText(/^Genuine/)).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download JSON' }).click(),
  ]);
  const certificate = JSON.parse(await readFile(await download.path(), 'utf8'));
  const keys = await db.prisma.certificateKey.findMany();
  const published = keys.map(({ kid, x }) => ({ kty: 'OKP' as const, crv: 'Ed25519' as const, kid, x }));
  expect(await verifyCertificate(certificate, published)).toMatchObject({ valid: true });
  certificate.document.result.right -= 1;
  expect(await verifyCertificate(certificate, published)).toMatchObject({ valid: false });
  await teacher.context().close();
  await db.close();
});

test('50 openings at the same instant over HTTP: one opening, one scoring, one result', async ({ page, server }) => {
  const db = openDb(server.databaseUrl, 2);
  const { projectId, run, name, asStudent } = await sealedWorld(server, db, 'Fifty at once');
  await asStudent(page);
  const answers = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const response = await page.request.post(`${server.url}/api/trpc/final.commit`, {
        data: { json: { projectId, runId: run.id, confirmation: name } },
        headers: { origin: server.url },
      });
      expect(response.status(), await response.text()).toBe(200);
      return (await response.json()).result.data.json as { already: boolean; opening: { committedAt: string } };
    }),
  );
  expect(answers.filter((answer) => !answer.already)).toHaveLength(1);
  expect(new Set(answers.map((answer) => answer.opening.committedAt)).size).toBe(1);
  await expect(async () => {
    const row = await db.prisma.opening.findUniqueOrThrow({ where: { projectId } });
    expect(row).toMatchObject({ state: 'opened', attempts: 1 });
  }).toPass({ timeout: 60_000 });
  expect(await db.prisma.opening.count({ where: { projectId } })).toBe(1);
  await db.close();
});

test('a referee killed while it opens: the page says where it stands, the next one finishes', async ({
  page,
  server,
}) => {
  const db = openDb(server.databaseUrl, 2);
  const { projectId, name, asStudent } = await sealedWorld(server, db, 'Killed in the middle');
  await asStudent(page);
  await page.goto(`${server.url}/p/${projectId}/final`);
  await page.getByLabel(/Type the project’s name/).fill(name);
  await page.getByRole('button', { name: 'Open the test part' }).click();
  await expect(async () => {
    const row = await db.prisma.opening.findUnique({ where: { projectId } });
    expect(row?.attempts).toBeGreaterThan(0);
  }).toPass({ intervals: [5], timeout: 60_000 });
  await server.kill('referee');
  const row = await db.prisma.opening.findUniqueOrThrow({ where: { projectId } });
  // The kill came in time where nothing was stored yet; the next referee then has to try again.
  const killedInTime = row.state === 'committed';
  if (killedInTime) await expect(page.getByRole('heading', { name: 'The test part is being opened' })).toBeVisible();
  await expect(page.getByRole('article', { name: 'Certificate' })).toBeVisible({ timeout: 90_000 });
  const opened = await db.prisma.opening.findUniqueOrThrow({ where: { projectId } });
  expect(opened.attempts).toBe(killedInTime ? 2 : 1);
  expect(opened.weightsDigest).toBe(row.weightsDigest);
  await db.close();
});

for (const { file, preset, metric, words } of [
  { file: 'diabetes.csv', preset: 'mlp', metric: 'rmse', words: /^\d+(\.\d+)?$/ },
  { file: 'faces-keypoints.zip', preset: 'linear', metric: 'rmse', words: /^\d+\.\d+ pixels$/ },
  { file: 'digits-8x8.csv', preset: 'mlp', metric: 'accuracy', words: /^\d+\.\d %$/ },
] as const) {
  test(`${file}, uploaded, trained and opened for real, has a result in its own unit`, async ({ admin, server }) => {
    const team = await TeamApi.create(server, file);
    const projectId = await team.createProject(file);
    const dataset = await team.sealed(await team.upload(projectId, `samples/${file}`));
    const presets = presetsFor(inputOf(dataset.schema!), taskOf(dataset.schema!));
    const { model } = presets.find(({ id }) => id === preset)!;
    const config = { model, optimizer: { kind: 'adam' as const }, learningRate: 1e-3, batchSize: 32, epochs: 5 };
    const run = await team.ended(await team.launch(projectId, 'the one', config));
    expect(run, run.message ?? '').toMatchObject({ state: 'finished' });
    await team.call('POST', `/projects/${projectId}/final`, { runId: run.id, confirm: file });
    await admin.goto(`${server.url}/p/${projectId}/final`);
    await expect(admin.getByRole('article', { name: 'Certificate' })).toBeVisible({ timeout: 60_000 });
    await expect(admin.locator('.figure')).toHaveText(words);
    await expectAccessible(admin);
    const { opening } = await team.call<{ opening: { validation: number; result: TestResult } }>(
      'GET',
      `/projects/${projectId}/final`,
    );
    const { result } = opening;
    expect(result).toMatchObject({ metric, n: dataset.items!.test });
    expect(result.interval!.low).toBeLessThanOrEqual(result.value!);
    expect(result.interval!.high).toBeGreaterThanOrEqual(result.value!);
    // The same weights on a part of the same origin: near what validation said.
    const ratio = result.value! / opening.validation;
    expect(ratio, JSON.stringify(opening)).toBeGreaterThan(0.7);
    expect(ratio, JSON.stringify(opening)).toBeLessThan(1.4);
  });
}
