import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { startPostgres } from './postgres/start.ts';
import { testDb } from './testing.ts';

const db = await testDb();

async function project() {
  const course = await db.prisma.course.create({ data: { name: 'Course' } });
  const team = await db.prisma.team.create({ data: { courseId: course.id, name: 'Team' } });
  const user = await db.prisma.user.create({ data: { email: `${course.id}@example.org`, name: 'A' } });
  return { user, project: await db.prisma.project.create({ data: { teamId: team.id, name: 'Project' } }) };
}

test('the database refuses a second unused set-up link', async () => {
  await db.prisma.setupLink.create({ data: { tokenHash: 'a' } });
  await expect(db.prisma.setupLink.create({ data: { tokenHash: 'b' } })).rejects.toThrow();
  await db.prisma.setupLink.update({ where: { tokenHash: 'a' }, data: { usedAt: new Date() } });
  await db.prisma.setupLink.create({ data: { tokenHash: 'b' } });
});

test('the database refuses an e-mail address with capitals', async () => {
  await expect(db.prisma.user.create({ data: { email: 'A@example.org', name: 'A' } })).rejects.toThrow(/lower_case/);
});

test('the database refuses a second sealed data set in a project', async () => {
  const { project: p, user } = await project();
  const sealed = () =>
    db.prisma.dataset.create({
      data: {
        ...{
          projectId: p.id,
          createdById: user.id,
          name: 'd',
          filename: 'd.csv',
          state: 'sealed',
          sealedAt: new Date(),
        },
        ...{ schema: {}, contentDigest: 'c', splitDigest: 's', trainKey: 't', validationKey: 'v' },
        ...{ nTrain: 1, nValidation: 1, nTest: 1 },
      },
    });
  await sealed();
  await expect(sealed()).rejects.toThrow(/nique/);
});

test('a Postgres killed with SIGKILL keeps what was committed and starts again on its folder', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdout-kill-'));
  chmodSync(folder, 0o755);
  const options = { dir: path.join(folder, 'postgres'), password: 'test' };
  const first = await startPostgres(options);
  const run = async (url: string, sql: string) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    return client.query(sql).finally(() => client.end());
  };
  await run(first.url, 'CREATE TABLE t AS SELECT 42 AS x');
  process.kill(first.pid, 'SIGKILL');
  await first.exited;
  const second = await startPostgres(options);
  expect((await run(second.url, 'SELECT x FROM t')).rows).toEqual([{ x: 42 }]);
  await second.stop();
  rmSync(folder, { recursive: true });
});
