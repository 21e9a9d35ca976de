import { z } from 'zod';
import { blobs } from '../../blobs.ts';
import { listCheckpoints } from '../../checkpoints/list-checkpoints.ts';
import { listArtifacts } from '../../runs/artifacts.ts';
import { deleteRun } from '../../runs/delete-run.ts';
import { diagnoseRun, listDiagnoses } from '../../runs/diagnose-run.ts';
import { getHistograms, getHistogramsInput } from '../../runs/get-histograms.ts';
import { getItemReport, getWorstPictures } from '../../runs/get-item-report.ts';
import { getLaunchInfo } from '../../runs/get-launch-info.ts';
import { getLog, getLogInput } from '../../runs/get-log.ts';
import { getRates } from '../../runs/get-rates.ts';
import { getRun } from '../../runs/get-run.ts';
import { getSeries, getSeriesInput, listSeriesInput, listSeriesNames } from '../../runs/get-series.ts';
import { launchRun, launchRunInput } from '../../runs/launch-run.ts';
import { listRuns, listRunsInput } from '../../runs/list-runs.ts';
import { renameRun, renameRunInput } from '../../runs/rename-run.ts';
import { stopRun } from '../../runs/stop-run.ts';
import { deleteModel } from '../../transfer/delete-model.ts';
import { listSources } from '../../transfer/list-sources.ts';
import { shareRun, shareRunInput } from '../../transfer/share-run.ts';
import { procedure, router } from '../init.ts';

const projectInput = z.object({ projectId: z.string() });
const runInput = z.object({ runId: z.string() });

export const runsRouter = router({
  launchInfo: procedure
    .input(projectInput)
    .query(({ ctx, input }) => getLaunchInfo(ctx.db, ctx.actor, input.projectId)),
  launch: procedure.input(launchRunInput).mutation(({ ctx, input }) => launchRun(ctx.db, ctx.actor, input)),
  sources: procedure.input(projectInput).query(({ ctx, input }) => listSources(ctx.db, ctx.actor, input.projectId)),
  deleteModel: procedure
    .input(z.object({ modelId: z.string() }))
    .mutation(({ ctx, input }) => deleteModel(ctx.db, blobs(), ctx.actor, input.modelId)),
  share: procedure.input(shareRunInput).mutation(({ ctx, input }) => shareRun(ctx.db, ctx.actor, input)),
  list: procedure.input(listRunsInput).query(({ ctx, input }) => listRuns(ctx.db, ctx.actor, input)),
  get: procedure.input(runInput).query(({ ctx, input }) => getRun(ctx.db, ctx.actor, input.runId)),
  stop: procedure.input(runInput).mutation(({ ctx, input }) => stopRun(ctx.db, ctx.actor, input.runId)),
  rename: procedure.input(renameRunInput).mutation(({ ctx, input }) => renameRun(ctx.db, ctx.actor, input)),
  delete: procedure.input(runInput).mutation(({ ctx, input }) => deleteRun(ctx.db, blobs(), ctx.actor, input.runId)),
  series: procedure.input(getSeriesInput).query(({ ctx, input }) => getSeries(ctx.db, ctx.actor, input)),
  seriesNames: procedure.input(listSeriesInput).query(({ ctx, input }) => listSeriesNames(ctx.db, ctx.actor, input)),
  diagnosis: procedure.input(runInput).query(({ ctx, input }) => diagnoseRun(ctx.db, ctx.actor, input.runId)),
  diagnoses: procedure.input(projectInput).query(({ ctx, input }) => listDiagnoses(ctx.db, ctx.actor, input.projectId)),
  items: procedure.input(runInput).query(({ ctx, input }) => getItemReport(ctx.db, ctx.actor, input.runId)),
  worstPictures: procedure
    .input(runInput)
    .query(({ ctx, input }) => getWorstPictures(ctx.db, blobs(), ctx.actor, input.runId)),
  histograms: procedure.input(getHistogramsInput).query(({ ctx, input }) => getHistograms(ctx.db, ctx.actor, input)),
  rates: procedure.input(runInput).query(({ ctx, input }) => getRates(ctx.db, ctx.actor, input.runId)),
  log: procedure.input(getLogInput).query(({ ctx, input }) => getLog(ctx.db, ctx.actor, input)),
  checkpoints: procedure.input(runInput).query(({ ctx, input }) => listCheckpoints(ctx.db, ctx.actor, input.runId)),
  artifacts: procedure.input(runInput).query(({ ctx, input }) => listArtifacts(ctx.db, ctx.actor, input.runId)),
});
