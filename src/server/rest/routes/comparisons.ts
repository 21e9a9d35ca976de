import {
  comparisonSchema,
  comparisonSummarySchema,
  diagnosisSchema,
  pageOf,
  startedSchema,
} from '#core/api/schemas.ts';
import { AppError } from '#core/errors.ts';
import { getComparison } from '../../comparisons/get-comparison.ts';
import { launchLadder, launchLadderInput } from '../../comparisons/launch-ladder.ts';
import { listComparisons } from '../../comparisons/list-comparisons.ts';
import { tryRemedy, tryRemedyInput } from '../../comparisons/try-remedy.ts';
import { diagnoseRun } from '../../runs/diagnose-run.ts';
import { pageOfAll, pageQuery } from '../paging.ts';
import { route } from '../route.ts';

const tag = 'comparisons';
const figure = (value: number) => (Number.isFinite(value) ? value : null);

/** What a run's curves show, what to try, and what came of it. */
export const comparisonRoutes = [
  route({
    method: 'GET',
    path: '/runs/{runId}/diagnosis',
    operationId: 'getDiagnosis',
    tag,
    summary: "What a run's learning curves show so far, and what to try first",
    access: 'read',
    response: diagnosisSchema,
    async handler({ db, actor, params }) {
      const found = await diagnoseRun(db, actor, params.runId);
      if (!found) throw new AppError('conflict', 'This run only checked its configuration: it has no curves to read.');
      const { figures, ...diagnosis } = found;
      const { train, validation, bestTrain, bestValidation, noise } = figures;
      return {
        ...diagnosis,
        figures: {
          ...figures,
          train: figure(train),
          validation: figure(validation),
          bestTrain: figure(bestTrain),
          bestValidation: figure(bestValidation),
          noise: figure(noise),
        },
      };
    },
  }),
  route({
    method: 'POST',
    path: '/runs/{runId}/remedies',
    operationId: 'tryRemedy',
    tag,
    summary: 'Copy a run with one remedy added, and compare the two over seeds',
    description:
      'Both sides get the same seeds, so that pairs compare like with like. Runs of the project with the very same configuration are taken over; only what lacks is launched.',
    access: 'run',
    status: 201,
    body: tryRemedyInput.omit({ runId: true }).meta({ id: 'TryRemedy' }),
    response: startedSchema,
    handler: ({ db, actor, params, body }) => tryRemedy(db, actor, { ...body, runId: params.runId }),
  }),
  route({
    method: 'POST',
    path: '/runs/{runId}/ladder',
    operationId: 'launchLadder',
    tag,
    summary: "Train the run's model at five widths",
    access: 'run',
    status: 201,
    body: launchLadderInput.omit({ runId: true }).meta({ id: 'LaunchLadder' }),
    response: startedSchema,
    handler: ({ db, actor, params, body }) => launchLadder(db, actor, { ...body, runId: params.runId }),
  }),
  route({
    method: 'GET',
    path: '/projects/{projectId}/comparisons',
    operationId: 'listComparisons',
    tag,
    summary: 'Remedies that were tried and ladders, newest first',
    access: 'read',
    query: pageQuery,
    response: pageOf(comparisonSummarySchema),
    handler: async ({ db, actor, params, query }) =>
      pageOfAll(await listComparisons(db, actor, params.projectId), query),
  }),
  route({
    method: 'GET',
    path: '/comparisons/{comparisonId}',
    operationId: 'getComparison',
    tag,
    summary: 'Runs side by side, with what the change did and the noise between seeds',
    access: 'read',
    response: comparisonSchema,
    handler: ({ db, actor, params }) => getComparison(db, actor, params.comparisonId),
  }),
];
