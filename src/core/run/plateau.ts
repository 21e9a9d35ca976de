import type { ScheduleSpec } from '../config/run-config.ts';

/** Counts how often the rate has fallen: torch.optim.lr_scheduler.ReduceLROnPlateau with threshold_mode "abs", as a fold over the epochs. Plain JSON, so that it survives in a checkpoint. */

export interface PlateauMemory {
  /** null until a finite value was seen */
  best: number | null;
  /** epochs since then, or since the rate fell */
  waited: number;
  /** epochs that are not counted after a fall */
  cooldown: number;
  falls: number;
}

export const NO_PLATEAU: PlateauMemory = { best: null, waited: 0, cooldown: 0, falls: 0 };

export type PlateauSpec = Extract<ScheduleSpec, { kind: 'plateau' }>;

/** @param epoch counted from 1; epochs of the warm-up are not looked at, and a value that is not a number never counts as better */
export function foldPlateau(spec: PlateauSpec, memory: PlateauMemory, epoch: number, value: number): PlateauMemory {
  if (epoch <= spec.warmupEpochs) return memory;
  const sign = spec.direction === 'max' ? 1 : -1;
  const better = Number.isFinite(value) && (memory.best === null || (value - memory.best) * sign > spec.minDelta);
  const best = better ? value : memory.best;
  if (memory.cooldown > 0) return { ...memory, best, waited: 0, cooldown: memory.cooldown - 1 };
  const waited = better ? 0 : memory.waited + 1;
  if (waited <= spec.patience) return { ...memory, best, waited };
  return { best, waited: 0, cooldown: spec.cooldownEpochs, falls: memory.falls + 1 };
}
