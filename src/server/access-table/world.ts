import { createHash, randomUUID } from 'node:crypto';
import { encode } from 'next-auth/jwt';
import { runConfigSchema } from '#core/config/run-config.ts';
import { packKeyOf, uploadKeyOf, uploadStateKeyOf } from '#core/data/blob-keys.ts';
import { encodeSafetensors } from '#core/format/safetensors.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import type { CourseRole, TokenScope } from '#db/generated/enums.ts';
import { appendPoints } from '#db/series/series.ts';
import { makeDataset, makeRun } from '#db/testing/fixtures.ts';
import { authSecret, sessionCookieName } from '../auth/cookie.ts';
import { startSession } from '../sessions/start-session.ts';
import { hashToken, newToken } from '../tokens/token-format.ts';
import type { Principal } from './outcomes.ts';

/** What requests name. A second set of the same shape, with ids that nothing has, is what strangers' answers are compared to. */
export interface Ids {
  course: string;
  team: string;
  user: string;
  project: string;
  dataset: string;
  run: string;
  comparison: string;
}

export interface World {
  ids: Ids;
  nowhere: Ids;
  /** what "other team" has of its own, for requests that name their own project and a stranger's object in it */
  rival: Pick<Ids, 'project' | 'dataset' | 'run'>;
  headers: Record<Principal, Record<string, string>>;
  /** The id of a row made for this one call, which uses it up; where nothing is to be found, an id that nothing has. */
  fresh: Record<'run' | 'model' | 'upload' | 'session' | 'token' | 'invite' | 'user', (ids: Ids) => Promise<string>>;
}

const DIGITS_SCHEMA = {
  kind: 'image-classification',
  image: { height: 8, width: 8, channels: 1 },
  classes: ['0', '1', '2'],
};
export const CONFIG = runConfigSchema.parse({
  model: { layers: [{ type: 'flatten' }, { type: 'dense', units: 3 }] },
  optimizer: { kind: 'adam' },
  learningRate: 0.001,
  batchSize: 10,
  epochs: 1,
});

/** Two courses; in the first two teams, one of which owns the project that everybody tries to reach. */
export async function makeWorld(db: Db, blobs: BlobStore): Promise<World> {
  const course = await db.prisma.course.create({ data: { name: 'Machine learning', term: 'Autumn' } });
  const elsewhere = await db.prisma.course.create({ data: { name: 'Statistics' } });
  const team = await db.prisma.team.create({ data: { courseId: course.id, name: 'Kestrel' } });
  const rival = await db.prisma.team.create({ data: { courseId: course.id, name: 'Heron' } });
  const far = await db.prisma.team.create({ data: { courseId: elsewhere.id, name: 'Wren' } });
  const person = async (name: string, at?: [courseId: string, role: CourseRole, teamId?: string]) => {
    const user = await db.prisma.user.create({
      data: { name, email: `${randomUUID()}@example.org`, isAdmin: name === 'administrator' },
    });
    if (at) {
      const [courseId, role, teamId] = at;
      await db.prisma.courseMember.create({ data: { courseId, userId: user.id, role, teamId: teamId ?? null } });
    }
    return user;
  };
  const member = await person('member', [course.id, 'student', team.id]);
  const people = {
    administrator: await person('administrator'),
    instructor: await person('instructor', [course.id, 'instructor']),
    assistant: await person('assistant', [course.id, 'assistant']),
    member,
    'other team': await person('other team', [course.id, 'student', rival.id]),
    'other course': await person('other course', [elsewhere.id, 'student', far.id]),
  };
  // So that nobody is the last instructor of the course, whatever the table's calls do.
  await person('second instructor', [course.id, 'instructor']);

  const project = await db.prisma.project.create({ data: { teamId: team.id, name: 'Digits' } });
  const other = await db.prisma.project.create({ data: { teamId: team.id, name: 'Iris' } });
  const parts = { schema: DIGITS_SCHEMA, nTrain: 35, nValidation: 7, nTest: 8 };
  const dataset = await makeDataset(db, { project, user: member }, parts);
  for (const part of ['train', 'validation'] as const) await blobs.put(packKeyOf(dataset.id, part), tinyPack());
  const all: TokenScope[] = ['read', 'run', 'submit'];
  const makeInvite = () =>
    db.prisma.invite.create({
      data: {
        tokenHash: hashToken(randomUUID()),
        courseId: course.id,
        role: 'student',
        createdById: people.instructor.id,
        expiresAt: new Date(Date.now() + 86_400_000),
      },
    });
  const makeToken = () =>
    db.prisma.apiToken.create({
      data: { userId: member.id, name: 'own', prefix: 'p', hash: hashToken(newToken()), scopes: all },
    });
  const make = {
    run: async () => (await finishedRun(db, blobs, { project, dataset })).id,
    model: async () => {
      const { id } = await db.prisma.importedModel.create({
        data: {
          ...{ projectId: project.id, name: 'm', filename: 'm.h5', format: 'hdf5', digest: 'd', parameters: 1 },
          ...{ weightsKey: 'models/none.safetensors', weightsDigest: 'w', createdById: member.id },
          spec: { model: CONFIG.model, input: { kind: 'image', height: 8, width: 8, channels: 1 } },
        },
      });
      return id;
    },
    upload: () => startedUpload(db, blobs, { project, user: member }),
    session: () => startSession(db.prisma, member.id, { ip: '', userAgent: '' }),
    token: async () => (await makeToken()).id,
    invite: async () => (await makeInvite()).id,
    user: async () => (await person('leaving', [course.id, 'student'])).id,
  };
  const bearer = async (
    scopes: TokenScope[],
    more: { projectId?: string; revokedAt?: Date; expiresAt?: Date } = {},
  ): Promise<Record<string, string>> => {
    const token = newToken();
    const data = { userId: member.id, name: 't', prefix: token.slice(0, 14), hash: hashToken(token), scopes, ...more };
    await db.prisma.apiToken.create({ data });
    return { authorization: `Bearer ${token}` };
  };
  const past = new Date(Date.now() - 1000);
  const cookies = Object.fromEntries(
    await Promise.all(
      Object.entries(people).map(async ([name, { id }]) => [name, await cookieOf(db, id)] as [string, object]),
    ),
  );
  const theirs = await db.prisma.project.create({ data: { teamId: rival.id, name: 'Digits' } });
  const theirData = await makeDataset(db, { project: theirs, user: people['other team'] }, parts);
  const theirRun = await finishedRun(db, blobs, { project: theirs, dataset: theirData });
  const run = await make.run();
  const ids: Ids = {
    course: course.id,
    team: team.id,
    user: people['other team'].id,
    project: project.id,
    dataset: dataset.id,
    run,
    comparison: (await comparisonOf(db, project.id, run)).id,
  };
  const nowhere = Object.fromEntries(Object.keys(ids).map((name) => [name, randomUUID()])) as unknown as Ids;
  return {
    ids,
    nowhere,
    rival: { project: theirs.id, dataset: theirData.id, run: theirRun.id },
    fresh: Object.fromEntries(
      Object.entries(make).map(([name, row]) => [name, (of: Ids) => (of === ids ? row() : randomUUID())]),
    ) as World['fresh'],
    headers: {
      ...(cookies as Record<keyof typeof people, Record<string, string>>),
      nobody: {},
      'token: read': await bearer(['read']),
      'token: run': await bearer(['run']),
      'token: submit': await bearer(['submit']),
      'token: this project': await bearer(all, { projectId: project.id }),
      'token: other project': await bearer(all, { projectId: other.id }),
      'token: revoked': await bearer(all, { revokedAt: past }),
      'token: expired': await bearer(all, { expiresAt: past }),
    },
  };
}

async function cookieOf(db: Db, userId: string): Promise<Record<string, string>> {
  const sid = await startSession(db.prisma, userId, { ip: '', userAgent: '' });
  const jwt = await encode({ token: { sid }, secret: authSecret() });
  return { cookie: `${sessionCookieName()}=${jwt}`, 'sec-fetch-site': 'same-origin' };
}

async function finishedRun(
  db: Db,
  blobs: BlobStore,
  of: { project: { id: string }; dataset: { id: string } },
): Promise<{ id: string }> {
  const run = await makeRun(db, of, { config: CONFIG, state: 'finished', endedAt: new Date(), bestValue: 0.9 });
  const weights = tinyWeights();
  const weightsKey = `runs/${run.id}/best.safetensors`;
  await blobs.put(weightsKey, weights);
  const digest = createHash('sha256').update(weights).digest('hex');
  await db.prisma.checkpoint.create({
    data: { runId: run.id, kind: 'best', step: 4, epoch: 1, weightsKey, digest },
  });
  const name = 'best.safetensors';
  await db.prisma.artifact.create({
    data: { runId: run.id, name, blobKey: weightsKey, bytes: weights.length, mediaType: 'application/octet-stream' },
  });
  await appendPoints(db.pool, run.id, [{ name: 'loss/validation', steps: [4], times: [0], values: [0.5] }]);
  return run;
}

function comparisonOf(db: Db, projectId: string, runId: string): Promise<{ id: string }> {
  const members = { create: { runId, arm: 0 } };
  return db.prisma.comparison.create({
    data: { projectId, kind: 'remedy', remedy: 'dropout', baseId: runId, members },
  });
}

/** Of the model in CONFIG. */
function tinyWeights(): Uint8Array {
  return encodeSafetensors(
    new Map([
      ['dense_1/kernel', { dtype: 'float32', shape: [64, 3], data: new Float32Array(192) }],
      ['dense_1/bias', { dtype: 'float32', shape: [3], data: new Float32Array(3) }],
    ] as const),
  );
}

/** One image of 8 by 8 as a data page reads it. */
function tinyPack(): Uint8Array {
  const items = Buffer.from(JSON.stringify({ name: 'one.png' }));
  return encodeSafetensors(
    new Map([
      ['x', { dtype: 'uint8', shape: [1, 8, 8, 1], data: new Uint8Array(64) }],
      ['y', { dtype: 'int32', shape: [1], data: new Int32Array(1) }],
      ['items', { dtype: 'uint8', shape: [items.length], data: new Uint8Array(items) }],
      ['itemEnds', { dtype: 'int32', shape: [1], data: Int32Array.of(items.length) }],
    ] as const),
  );
}

/** A resumable upload of which nothing has arrived. */
async function startedUpload(
  db: Db,
  blobs: BlobStore,
  of: { project: { id: string }; user: { id: string } },
): Promise<string> {
  const { id } = await db.prisma.dataset.create({
    data: {
      projectId: of.project.id,
      createdById: of.user.id,
      name: 'late',
      filename: 'late.csv',
      bytes: 10,
      state: 'uploading',
    },
  });
  await blobs.put(uploadKeyOf(id), new Uint8Array(0));
  await blobs.put(uploadStateKeyOf(id), Buffer.from(JSON.stringify({ id, size: 10, offset: 0, metadata: {} })));
  return id;
}
