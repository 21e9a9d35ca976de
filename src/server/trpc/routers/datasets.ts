import { z } from 'zod';
import { env } from '#env';
import { blobs } from '../../blobs.ts';
import { cancelDataset } from '../../datasets/cancel-dataset.ts';
import { confirmDataset, confirmInput } from '../../datasets/confirm-dataset.ts';
import { getProjectData } from '../../datasets/get-project-data.ts';
import { listItems, listItemsInput } from '../../datasets/list-items.ts';
import { procedure, router } from '../init.ts';

const datasetInput = z.object({ datasetId: z.string() });

export const datasetsRouter = router({
  ofProject: procedure
    .input(z.object({ projectId: z.string() }))
    .query(({ ctx, input }) => getProjectData(ctx.db, blobs(), ctx.actor, input.projectId, env().HOLDOUT_MAX_UPLOAD)),
  confirm: procedure
    .input(datasetInput.extend({ decision: confirmInput }))
    .mutation(({ ctx, input }) => confirmDataset(ctx.db, blobs(), ctx.actor, input.datasetId, input.decision)),
  cancel: procedure.input(datasetInput).mutation(({ ctx, input }) => cancelDataset(ctx.db, ctx.actor, input.datasetId)),
  items: procedure.input(listItemsInput).query(({ ctx, input }) => listItems(ctx.db, blobs(), ctx.actor, input)),
});
