import { z } from 'zod';
import { count, id, time } from './basics.ts';

/** Over the wire: the processes that train. */

const someRun = z
  .object({ projectId: id, runId: id, number: z.int(), name: z.string(), project: z.string(), team: z.string() })
  .nullable()
  .describe('null where you may not see whose it is');
export const trainersSchema = z
  .object({
    trainers: z.array(
      z.object({
        id,
        name: z.string(),
        host: z.string(),
        device: z.string(),
        engine: z.string(),
        version: z.string().nullable(),
        threads: count.nullable(),
        /** that its runs share: the GPU's, or the machine's */
        memoryBytes: count.nullable(),
        /** over which one run may be spread */
        devices: count,
        bf16: z.boolean(),
        reason: z.string().nullable().describe('why this engine'),
        state: z.enum(['free', 'busy', 'lost', 'stopped']),
        startedAt: time,
        heartbeatAt: time,
        runs: z.array(
          z.object({
            id,
            visible: someRun,
            startedAt: time.nullable(),
            step: count,
            totalSteps: count,
            itemsPerSecond: z.number().nullable(),
          }),
        ),
      }),
    ),
    queue: z.array(z.object({ position: count.describe('counted from 1'), visible: someRun })),
  })
  .meta({ id: 'Trainers' });
