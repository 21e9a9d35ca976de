import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { uploadKeyOf } from '#core/data/blob-keys.ts';
import { openBlobs } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { notify, openEvents } from '#db/events/events.ts';
import type { Dataset } from '#db/generated/client.ts';
import type { RefereeContext } from './context.ts';
import { ingestWorker } from './ingest/ingest-worker.ts';
import { openRefereeKey } from './seal/referee-key.ts';

/** A referee on a data folder of its own, for one test file. */
export interface TestReferee extends RefereeContext {
  /** Starts a worker; the function returned stops it. */
  run(): () => Promise<void>;
  /** Waits until nothing of a data set lies in the data folder. */
  filesGone(id: string): Promise<void>;
}

export async function testReferee(db: Db): Promise<TestReferee> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'holdout-referee-'));
  const events = openEvents(db.url);
  const context = { db, events, dataDir, blobs: openBlobs(dataDir), key: await openRefereeKey(dataDir, true) };
  const stops: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const stop of stops) await stop();
    await events.close();
    await rm(dataDir, { recursive: true });
  });
  return {
    ...context,
    run() {
      const abort = new AbortController();
      const running = ingestWorker(context, abort.signal);
      const stop = async () => {
        abort.abort();
        await running;
      };
      stops.push(stop);
      return stop;
    },
    async filesGone(id) {
      await untilRow(context, id, (row) => row.uploadKey === null);
      const left = (await readdir(dataDir, { recursive: true })).filter((name) => name.includes(id));
      if (left.length) throw new Error(`Left behind: ${left.join(', ')}`);
    },
  };
}

export async function testProject(db: Db): Promise<{ projectId: string; userId: string }> {
  const unique = randomUUID();
  const user = await db.prisma.user.create({ data: { email: `${unique}@example.org`, name: 'Ada' } });
  const course = await db.prisma.course.create({ data: { name: 'Course' } });
  const team = await db.prisma.team.create({ data: { name: 'Team', courseId: course.id } });
  await db.prisma.courseMember.create({
    data: { courseId: course.id, userId: user.id, teamId: team.id, role: 'student' },
  });
  const project = await db.prisma.project.create({ data: { name: 'Project', teamId: team.id } });
  return { projectId: project.id, userId: user.id };
}

/** A data set as a finished upload leaves it. @returns its id */
export async function testUpload(
  ctx: RefereeContext,
  filename: string,
  bytes: Uint8Array,
  decision?: { automatic: true; drop: boolean },
): Promise<string> {
  const { projectId, userId } = await testProject(ctx.db);
  const id = randomUUID();
  await ctx.blobs.put(uploadKeyOf(id), bytes);
  await ctx.db.prisma.dataset.create({
    data: {
      id,
      projectId,
      createdById: userId,
      name: filename,
      filename,
      bytes: bytes.length,
      uploadKey: uploadKeyOf(id),
      state: 'uploaded',
      ...(decision && { decision }),
    },
  });
  await notify(ctx.db.pool, { topic: 'dataset', id, projectId });
  return id;
}

/** Waits until the data set is in one of these states. */
export function untilState(ctx: RefereeContext, id: string, ...states: string[]) {
  return untilRow(ctx, id, (row) => states.includes(row.state));
}

async function untilRow(ctx: RefereeContext, id: string, holds: (row: Dataset) => boolean) {
  for (;;) {
    const changed = new Promise<void>((resolve) => {
      const unsubscribe = ctx.events.subscribe({ topics: ['dataset'], id }, () => {
        unsubscribe();
        resolve();
      });
    });
    const row = await ctx.db.prisma.dataset.findUniqueOrThrow({ where: { id }, include: { sealedPart: true } });
    if (holds(row)) return row;
    await changed;
  }
}
