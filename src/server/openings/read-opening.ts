import { certificateSchema } from '#core/seal/certificate.ts';
import { testResultSchema } from '#core/seal/result.ts';
import type { Db } from '#db/client.ts';

/** How long a commitment may wait before a page says that no referee answers. */
const PATIENCE_MS = 10_000;

/** The project's one opening as everyone in the team and the staff see it, or null. The caller has checked who asks. */
export async function readOpening(db: Db, projectId: string) {
  const row = await db.prisma.opening.findUnique({
    where: { projectId },
    include: { run: { select: { id: true, number: true, name: true } }, committedBy: { select: { name: true } } },
  });
  if (!row) return null;
  const now = Date.now();
  const scoring =
    row.state === 'committed' && row.leaseBy !== null && row.leaseUntil !== null && row.leaseUntil.getTime() > now;
  const waiting = row.state === 'committed' && !scoring;
  const held = { state: 'committed' as const, leaseBy: { not: null }, leaseUntil: { gt: new Date(now) } };
  const queued = waiting && (await db.prisma.opening.findFirst({ where: held, select: { state: true } })) !== null;
  return {
    projectId: row.projectId,
    state: row.state,
    /** a referee holds it at this moment */
    scoring,
    /** committed, but no referee has taken it up for a while; it goes on by itself once one runs */
    stalled: waiting && !queued && now - (row.leaseUntil ?? row.committedAt).getTime() > PATIENCE_MS,
    /** the referee scores another project at this moment; this one comes after it */
    queued,
    /** last failure that the referee will try again, in words */
    error: row.state === 'committed' ? row.error : null,
    run: row.run,
    epoch: row.epoch,
    validation: row.validation,
    n: row.n,
    weightsDigest: row.weightsDigest,
    configDigest: row.configDigest,
    committedAt: row.committedAt,
    committedBy: row.committedBy?.name ?? null,
    openedAt: row.openedAt,
    result: row.state === 'opened' ? testResultSchema.parse(row.result) : null,
    certificate: row.state === 'opened' ? certificateSchema.parse(row.certificate) : null,
  };
}
export type OpeningView = NonNullable<Awaited<ReturnType<typeof readOpening>>>;
