import { expect, it } from 'vitest';
import { CLAIM_DATASET } from '#db/sql/datasets.ts';
import { testDb } from '#db/testing.ts';
import { testReferee, testUpload } from '../testing.ts';
import { Lease } from './lease.ts';

const db = await testDb();
const referee = await testReferee(db);

it('lasts as long as the items take to sort, and a renewal does not shorten it', async () => {
  const id = await testUpload(referee, 'a.csv', Buffer.from('a'));
  const claimed = await db.pool.query(CLAIM_DATASET, ['me']);
  expect(claimed.rows[0].id).toBe(id);
  const lease = new Lease(db, claimed.rows[0], 'me');
  const left = async () => {
    const { leaseUntil } = await db.prisma.dataset.findUniqueOrThrow({ where: { id }, select: { leaseUntil: true } });
    return (leaseUntil!.getTime() - Date.now()) / 1000;
  };
  expect(await left()).toBeLessThan(11);
  await lease.holdForSorting(2_000_000);
  expect(await left()).toBeGreaterThan(150);
  lease.progress('split', 1, 2);
  await lease.end();
  expect(await left()).toBeGreaterThan(150);
  await db.prisma.dataset.update({ where: { id }, data: { leaseBy: 'another' } });
  await expect(lease.holdForSorting(1)).rejects.toThrow();
  expect(lease.signal.aborted).toBe(true);
});
