import { stepsPerEpoch } from '#core/config/check-config.ts';
import { type RunConfig, runConfigSchema } from '#core/config/run-config.ts';
import { knownBest } from '#core/run/known-best.ts';
import type { Prisma } from '#db/client.ts';

/** What a row of the runs table shows; the run's page adds to it. */
export const runSelect = {
  id: true,
  projectId: true,
  datasetId: true,
  number: true,
  name: true,
  config: true,
  state: true,
  leaseUntil: true,
  createdAt: true,
  startedAt: true,
  endedAt: true,
  stopRequestedAt: true,
  stopReason: true,
  message: true,
  attempt: true,
  epoch: true,
  step: true,
  totalSteps: true,
  itemsPerSecond: true,
  parameters: true,
  bestEpoch: true,
  bestValue: true,
  lastMetrics: true,
  bestMetrics: true,
  parentId: true,
  createdBy: { select: { id: true, name: true } },
  dataset: { select: { nTrain: true } },
} satisfies Prisma.RunSelect;

/** A lease that ended this long ago was not renewed; the clocks of two machines differ by less. */
const CLOCKS_MS = 5_000;

type Row = Prisma.RunGetPayload<{ select: typeof runSelect }>;
/** Name, such as "loss/validation", to value; null where it was not a number. */
export type Metrics = Record<string, number | null>;

/**
 * The database gives properties in an order of its own, and rows older than a property lack it: the schema mends both.
 * What a later version wrote is shown as it is.
 */
export function readStoredConfig(config: unknown): RunConfig {
  return runConfigSchema.safeParse(config).data ?? (config as RunConfig);
}

export function runView({ dataset, config, lastMetrics, bestMetrics, leaseUntil, ...run }: Row, now = Date.now()) {
  const parsed = readStoredConfig(config);
  return {
    ...run,
    /** its trainer was lost; it goes on from its checkpoint as soon as a trainer takes it over */
    interrupted: run.state === 'running' && leaseUntil !== null && leaseUntil.getTime() + CLOCKS_MS < now,
    config: parsed,
    lastMetrics: lastMetrics as Metrics,
    ...knownBest({ ...run, config: parsed, lastMetrics: lastMetrics as Metrics, bestMetrics: bestMetrics as Metrics }),
    stepsPerEpoch: stepsPerEpoch(dataset.nTrain ?? 1, parsed),
  };
}
export type RunView = ReturnType<typeof runView>;
