import { z } from 'zod';
import { certificateSchema, earlierOpeningSchema, publicKeySchema } from '../seal/certificate.ts';
import { testResultSchema } from '../seal/result.ts';
import { count, id, time } from './basics.ts';

/** Over the wire: the one opening. */

/** Where the one opening stands. Before it is opened nothing of the test part is in it but how many items there are. */
const openingSchema = z
  .object({
    state: z.enum(['committed', 'opened']),
    run: z.object({ id, number: z.int(), name: z.string() }),
    n: count.describe('items of the test part'),
    validation: z.number().describe('what the run scored on the validation part'),
    committedAt: time,
    committedBy: z.string().nullable(),
    openedAt: time.nullable(),
    result: testResultSchema.nullable(),
    error: z.string().nullable().describe('why the referee tries again, if it does'),
  })
  .meta({ id: 'Opening' });
export type Opening = z.infer<typeof openingSchema>;

export const finalSchema = z
  .object({
    state: z.enum(['none', 'sealed', 'committed', 'opened']),
    n: count.nullable().describe('items of the sealed test part'),
    canOpen: z.boolean(),
    opening: openingSchema.nullable(),
    earlier: z
      .array(earlierOpeningSchema)
      .describe('openings and commitments of the same test part in other projects of the team, archived ones too'),
  })
  .meta({ id: 'Final' });
export type Final = z.infer<typeof finalSchema>;

export const commitSchema = z
  .object({
    runId: id,
    confirm: z.string().describe("the project's name, letter for letter"),
    epoch: z.int().min(1).optional().describe('of a kept checkpoint; default: the best one'),
  })
  .meta({ id: 'Commit' });
export const committedSchema = z.object({
  opening: openingSchema,
  already: z.boolean().describe('somebody had committed before: this is the first and only opening'),
});

export const certificateWire = certificateSchema.meta({ id: 'Certificate' });
export const keysSchema = z.object({ keys: z.array(publicKeySchema) }).meta({ id: 'CertificateKeys' });
