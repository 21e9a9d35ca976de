import { hasNvidiaDriver, probeEngine } from '../../src/engine/probe.ts';
import type { Env } from '../../src/env.ts';

export interface TrainerProcess {
  /** of its log and its pid file */
  name: string;
  args: string[];
}

/**
 * One trainer for each GPU that works; where none does, one that takes what there is. A machine with GPUs gets none for its CPU, on which
 * a run would take far longer than in the queue: `npm run trainer -- --device cpu` adds it.
 */
export async function trainersFor(
  { HOLDOUT_ENGINE, HOLDOUT_THREADS }: Pick<Env, 'HOLDOUT_ENGINE' | 'HOLDOUT_THREADS'>,
  libDir: string | undefined,
  probe = hasNvidiaDriver() ? probeEngine : undefined,
): Promise<TrainerProcess[]> {
  const one = [{ name: 'trainer', args: [] }];
  // Without a driver there is nothing to find, and a start need not wait for it.
  if (!probe || HOLDOUT_ENGINE === 'wasm') return one;
  const { info } = await probe({ libDir, threads: HOLDOUT_THREADS });
  const gpus = info.devices.filter((device) => device.startsWith('gpu'));
  if (gpus.length === 0) return one;
  return gpus.map((gpu) => ({ name: `trainer-${gpu.replace(':', '')}`, args: ['--device', gpu] }));
}
