import path from 'node:path';
import { z } from 'zod';
import { blobs } from '../../blobs.ts';
import { startSample } from '../../samples/start-sample.ts';
import { procedure, router } from '../init.ts';

export const samplesRouter = router({
  /** courseId null: in a sample course of one's own */
  start: procedure
    .input(z.object({ courseId: z.string().nullable() }))
    .mutation(({ ctx, input }) =>
      startSample(ctx.db, blobs(), ctx.actor, input, path.join(/* turbopackIgnore: true */ process.cwd(), 'samples')),
    ),
});
