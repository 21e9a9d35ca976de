import { expect, test } from 'vitest';
import { finishedRun, sealedProject } from '#db/testing/sealed-project.ts';
import { testDb } from '#db/testing.ts';
import { readOpening } from './read-opening.ts';

const db = await testDb();

async function committed(committedAt: Date) {
  const { project, dataset } = await sealedProject(db);
  const best = { weightsKey: 'w', digest: 'e'.repeat(64) };
  const run = await finishedRun(db, { projectId: project.id, datasetId: dataset.id }, best);
  const commitment = {
    weightsDigest: best.digest,
    weightsKey: 'k',
    configDigest: 'c',
    epoch: 3,
    validation: 0.9,
    n: 10,
  };
  await db.prisma.opening.create({ data: { projectId: project.id, runId: run.id, ...commitment, committedAt } });
  return project.id;
}
const hold = (projectId: string, leaseBy: string | null, seconds: number) =>
  db.prisma.opening.update({
    where: { projectId },
    data: { leaseBy, leaseUntil: new Date(Date.now() + 1000 * seconds) },
  });

test('says whether it is scored, waits behind another, or no referee answers', async () => {
  const early = new Date(Date.now() - 60_000);
  const [one, two] = [await committed(early), await committed(early)];
  const stands = async (id: string) => {
    const { scoring, queued, stalled } = (await readOpening(db, id))!;
    return { scoring, queued, stalled };
  };
  expect(await stands(one)).toEqual({ scoring: false, queued: false, stalled: true });
  await hold(one, 'referee', 60);
  expect(await stands(one)).toEqual({ scoring: true, queued: false, stalled: false });
  expect(await stands(two)).toEqual({ scoring: false, queued: true, stalled: false });
  await hold(one, 'referee', -60);
  expect(await stands(one)).toEqual({ scoring: false, queued: false, stalled: true });
  // A failure that is tried again soon is no silence.
  await hold(one, null, 5);
  expect(await stands(one)).toEqual({ scoring: false, queued: false, stalled: false });
  const fresh = await committed(new Date());
  expect(await stands(fresh)).toEqual({ scoring: false, queued: false, stalled: false });
});
