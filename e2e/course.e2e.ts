import type { Page } from '@playwright/test';
import { expect, expectAccessible, picture, signIn, TestServer, test } from './fixtures.ts';

/** A course from its first click to a team that trains: the sample, invitations, people, sessions, the class. */

const STUDENT = { name: 'Amira Haddad', email: 'amira@example.org', password: 'four unrelated words here' };

async function createCourse(page: Page, name: string): Promise<void> {
  await page.goto('/?new=course');
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Create course' }).click();
  await page.waitForURL(/\/c\//);
  // The address is the new course's before the rail is.
  await expect(page.getByText(name, { exact: true }).first()).toBeVisible();
}

async function inviteLink(page: Page, team: string, role = 'student'): Promise<string> {
  await page.getByRole('button', { name: 'Invite people' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Role').selectOption(role);
  if (role === 'student') await dialog.getByLabel('Team').selectOption(team);
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  const link = await dialog.getByLabel('Invitation link').inputValue();
  await page.keyboard.press('Escape');
  return link;
}

test('one click on the sample: data sealed, two runs train, the overview and the class show them', async ({
  browser,
}) => {
  // The button is for who has no course yet.
  const server = await TestServer.start();
  try {
    const admin = await (
      await browser.newContext({ baseURL: server.url, viewport: { width: 1440, height: 900 } })
    ).newPage();
    await signIn(admin);
    await admin.goto('/');
    await admin.getByRole('button', { name: 'Try it with handwritten digits' }).click();
    await admin.waitForURL(/\/p\//);
    await expect(admin.getByRole('navigation').getByText('Handwritten digits')).toBeVisible();
    await expect(admin.getByText('launched r-0002')).toBeVisible({ timeout: 90_000 });
    await expect(admin.getByText('r-0002', { exact: false }).filter({ hasText: 'finished' }).first()).toBeVisible({
      timeout: 120_000,
    });
    await admin.reload();
    await expectAccessible(admin);
    await admin.getByRole('link', { name: 'Data', exact: true }).click();
    await expect(admin.getByText('750 test')).toBeVisible();
    await expectAccessible(admin);
    await admin.getByRole('link', { name: /^Runs/ }).click();
    await expect(admin.getByRole('row').filter({ hasText: 'Wide MLP' })).toHaveCount(2);
    await expectAccessible(admin);
    await picture(admin, 'compare');
    await admin.getByRole('link', { name: 'Wide MLP, no remedies' }).first().click();
    await expect(admin.getByRole('heading', { name: /Wide MLP, no remedies/ })).toBeVisible();
    await expect(admin.getByText('Best, epoch').first()).toBeVisible();
    await expectAccessible(admin);
    await picture(admin, 'run');
    await admin.getByRole('link', { name: 'Class', exact: true }).first().click();
    await expect(admin.getByRole('row').filter({ hasText: 'Sample team' })).toContainText('2 finished');
    await expectAccessible(admin);
    await picture(admin, 'class');
    await admin.getByRole('link', { name: 'Trainers' }).click();
    await expect(admin.getByText('Engine and why')).toBeVisible();
    await expectAccessible(admin);
  } finally {
    await server.remove();
  }
});

test('an invitation brings a student into a team, once; the student makes a project that strangers cannot see', async ({
  admin,
  browser,
  server,
}) => {
  await createCourse(admin, 'Machine learning I');
  await admin
    .getByRole('link', { name: /^People/ })
    .first()
    .click();
  for (const team of ['Kestrel', 'Osprey']) {
    await admin.getByRole('button', { name: 'New team' }).click();
    await admin.getByRole('dialog').getByLabel('Name').fill(team);
    await admin.getByRole('dialog').locator('button[type=submit]').click();
    await expect(admin.getByRole('row', { name: new RegExp(`^${team} nobody yet`) })).toBeVisible();
  }
  const link = await inviteLink(admin, 'Kestrel');
  await expectAccessible(admin);

  const student = await (await browser.newContext({ baseURL: server.url })).newPage();
  await student.goto(link);
  await expectAccessible(student);
  await student.getByLabel('Your name').fill(STUDENT.name);
  await student.getByLabel('E-mail').fill(STUDENT.email);
  await student.getByLabel('Password').fill(STUDENT.password);
  await student.getByRole('button', { name: /Create account and join/ }).click();
  await student.waitForURL(/\/c\//);
  await expect(student.getByRole('heading', { name: 'Kestrel', level: 1 })).toBeVisible();
  await student.getByRole('button', { name: 'New project' }).click();
  await student.getByRole('dialog').getByLabel('Name').fill('Iris');
  await student.getByRole('dialog').locator('button[type=submit]').click();
  await student.waitForURL(/\/p\//);
  const project = student.url();
  await expectAccessible(student);

  const other = await (await browser.newContext({ baseURL: server.url })).newPage();
  await other.goto(await inviteLink(admin, 'Osprey'));
  await other.getByLabel('Your name').fill('Jonas Weber');
  await other.getByLabel('E-mail').fill('jonas@example.org');
  await other.getByLabel('Password').fill(STUDENT.password);
  await other.getByRole('button', { name: /Create account and join/ }).click();
  await other.waitForURL(/\/c\//);
  const hidden = await other.goto(project);
  const missing = await other.goto(project.replace(/[0-9a-f]{12}$/, '000000000000'));
  expect(hidden?.status()).toBe(404);
  expect(missing?.status()).toBe(404);

  // The instructor reads along, and changes nothing.
  await admin.goto(project);
  await expect(admin.getByRole('heading', { name: 'Iris', level: 1 })).toBeVisible();
  await expect(admin.getByRole('link', { name: 'Launch a run' })).toHaveCount(0);
});

test('sessions are listed and end from afar; a changed password ends the others', async ({ page, browser, server }) => {
  await signIn(page, STUDENT);
  const phone = await (await browser.newContext({ baseURL: server.url })).newPage();
  await signIn(phone, STUDENT);
  await page.goto('/account');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'End all others' }).click();
  await expect(page.getByRole('region', { name: 'Table of sessions' }).getByRole('row')).toHaveCount(2);
  await phone.goto('/account');
  await expect(phone).toHaveURL(/\/signin/);

  await page.getByRole('button', { name: 'New token' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('laptop');
  await dialog.locator('button[type=submit]').click();
  const token = await dialog.getByLabel('API token').inputValue();
  await page.keyboard.press('Escape');
  const me = () => fetch(`${server.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
  expect(await (await me()).json()).toMatchObject({ email: STUDENT.email });
  await page
    .getByRole('row')
    .filter({ hasText: 'laptop' })
    .getByRole('button', { name: /Revoke/ })
    .click();
  await page
    .getByRole('alertdialog')
    .or(page.getByRole('dialog'))
    .getByRole('button', { name: /Revoke/ })
    .click();
  await expect.poll(async () => (await me()).status).toBe(401);

  await signIn(phone, STUDENT);
  await page.getByLabel('Current password').fill(STUDENT.password);
  await page.getByLabel('New password').fill('five other unrelated words');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect
    .poll(async () => {
      await phone.goto('/account');
      return new URL(phone.url()).pathname;
    })
    .toBe('/signin');
  await signIn(phone, { ...STUDENT, password: 'five other unrelated words' });
});
