import { totalmem } from 'node:os';
import type { MemoryBudget } from '#core/config/check-config.ts';
import { runMemory } from '#core/model/data-memory.ts';
import type { Db } from '#db/client.ts';
import { liveTrainers } from '../trainers/live-trainers.ts';

/** What the trainers that are up can do for one run: the largest share of a device that a run could get, beside as many others as it trains at once; with no trainer up, this machine's memory, since a trainer will most likely start here. */
export async function memoryBudget(db: Db): Promise<MemoryBudget> {
  let budget: MemoryBudget | null = null;
  const trainers = await liveTrainers(db);
  for (const { name, device, info } of trainers) {
    const bytes = runMemory(info);
    if (bytes > (budget?.bytes ?? 0)) budget = { bytes, where: `${device} of ${name}` };
  }
  if (!budget) return { bytes: runMemory({ memoryBytes: totalmem(), slots: 1 }), where: 'this machine' };
  const devices = Math.max(...trainers.map(({ info }) => info.devices ?? 1));
  return { ...(budget as MemoryBudget), devices, bf16: trainers.some(({ info }) => info.bf16) };
}
