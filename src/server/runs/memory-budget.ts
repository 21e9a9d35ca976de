import { totalmem } from 'node:os';
import type { MemoryBudget } from '#core/config/check-config.ts';
import type { Db } from '#db/client.ts';
import { liveTrainers } from '../trainers/live-trainers.ts';

/** Left to the system and to the processes beside the training one. */
const SHARE = 0.8;

/** The largest share of a device that a run could get, beside as many others as it trains at once; with no trainer up, this machine's memory, since a trainer will most likely start here. */
export async function memoryBudget(db: Db): Promise<MemoryBudget> {
  let budget: MemoryBudget | null = null;
  for (const { name, device, info } of await liveTrainers(db)) {
    const bytes = info.memoryBytes / info.slots;
    if (bytes > (budget?.bytes ?? 0)) budget = { bytes, where: `${device} of ${name}` };
  }
  return budget ? { ...budget, bytes: budget.bytes * SHARE } : { bytes: totalmem() * SHARE, where: 'this machine' };
}
