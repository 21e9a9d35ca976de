import { z } from 'zod';
import { blobs } from '../../blobs.ts';
import { commitFinal, commitFinalInput } from '../../openings/commit-final.ts';
import { getFinal } from '../../openings/get-final.ts';
import { verifyCertificate } from '../../openings/verify-certificate.ts';
import { procedure, publicProcedure, router } from '../init.ts';

export const finalRouter = router({
  /** What is sealed, which runs may be final, the opening and its result. */
  get: procedure
    .input(z.object({ projectId: z.string() }))
    .query(({ ctx, input }) => getFinal(ctx.db, ctx.actor, input)),
  /** Once a project; afterwards it answers with the first opening. */
  commit: procedure
    .input(commitFinalInput)
    .mutation(({ ctx, input }) => commitFinal(ctx.db, blobs(), ctx.actor, input)),
  verify: publicProcedure.input(z.unknown()).mutation(({ ctx, input }) => verifyCertificate(ctx.db, input)),
});
