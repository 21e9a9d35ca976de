import type { Db } from '#db/client.ts';
import type { Trainer } from '#db/generated/client.ts';

/** A trainer that was not heard of for this long is taken for dead. */
export const TRAINER_SILENCE_MS = 20_000;

/** What a trainer says of itself in `info`. */
export interface TrainerInfo {
  version: string;
  threads: number;
  /** why this engine */
  reason: string;
  memoryBytes: number;
  /** runs that it trains at once */
  slots: number;
  /** over which one run may be spread; older rows don't say */
  devices?: number;
  /** computes in bfloat16 */
  bf16?: boolean;
}

/** Trainers that are up now, oldest first. */
export async function liveTrainers(db: Db): Promise<(Omit<Trainer, 'info'> & { info: TrainerInfo })[]> {
  const trainers = await db.prisma.trainer.findMany({
    where: { stoppedAt: null, heartbeatAt: { gt: new Date(Date.now() - TRAINER_SILENCE_MS) } },
    orderBy: { startedAt: 'asc' },
  });
  return trainers as unknown as (Omit<Trainer, 'info'> & { info: TrainerInfo })[];
}
