import { z } from 'zod';
import { getComparison } from '../../comparisons/get-comparison.ts';
import { launchLadder, launchLadderInput } from '../../comparisons/launch-ladder.ts';
import { listComparisonsOfRun } from '../../comparisons/list-comparisons.ts';
import { tryRemedy, tryRemedyInput } from '../../comparisons/try-remedy.ts';
import { procedure, router } from '../init.ts';

export const comparisonsRouter = router({
  tryRemedy: procedure.input(tryRemedyInput).mutation(({ ctx, input }) => tryRemedy(ctx.db, ctx.actor, input)),
  ladder: procedure.input(launchLadderInput).mutation(({ ctx, input }) => launchLadder(ctx.db, ctx.actor, input)),
  get: procedure
    .input(z.object({ comparisonId: z.string() }))
    .query(({ ctx, input }) => getComparison(ctx.db, ctx.actor, input.comparisonId)),
  ofRun: procedure
    .input(z.object({ runId: z.string() }))
    .query(({ ctx, input }) => listComparisonsOfRun(ctx.db, ctx.actor, input.runId)),
});
