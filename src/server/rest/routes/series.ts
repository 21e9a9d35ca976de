import { z } from 'zod';
import { seriesListSchema, seriesNamesSchema } from '#core/api/schemas.ts';
import { getSeries, listSeriesNames } from '../../runs/get-series.ts';
import { logPoints, logPointsInput } from '../../runs/log-points.ts';
import { route } from '../route.ts';
import { seriesCsv } from '../series-csv.ts';

const tag = 'series';
const names = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.string().min(1).max(260)).max(50));

export const seriesRoutes = [
  route({
    method: 'GET',
    path: '/runs/{runId}/series-names',
    operationId: 'listSeries',
    tag,
    summary: 'The names of the series that a run has logged',
    access: 'read',
    response: seriesNamesSchema,
    handler: async ({ db, actor, params }) => ({
      items: await listSeriesNames(db, actor, { runIds: [params.runId] }),
    }),
  }),
  route({
    method: 'GET',
    path: '/runs/{runId}/series',
    operationId: 'getSeries',
    tag,
    summary: 'The points of one series or several',
    description: 'For what is new since, pass the last step that you have as `after`.',
    access: 'read',
    query: z.object({
      name: names.describe('such as loss/validation, or up to 50 of them with commas between'),
      after: z.coerce.number().int().min(-1).default(-1).describe('only points above this step'),
      by: z.enum(['step', 'epoch']).default('step').describe('epoch: one point an epoch, the mean of its steps'),
      format: z.enum(['json', 'csv']).default('json'),
    }),
    response: seriesListSchema,
    media: ['text/csv'],
    async handler({ db, actor, params, query }) {
      const runs = [{ id: params.runId, afterStep: query.after }];
      const [run] = await getSeries(db, actor, { runs, names: query.name, by: query.by });
      const items = run!.series;
      if (query.format === 'json') return { items };
      const headers = { 'content-type': 'text/csv; charset=utf-8', 'cache-control': 'no-store' };
      return new Response(seriesCsv(items), { headers });
    },
  }),
  route({
    method: 'POST',
    path: '/runs/{runId}/series',
    operationId: 'logPoints',
    tag,
    summary: 'Log points of your own to a run, below custom/',
    description: "Points whose step is not above the series' last one are skipped, so a batch may be sent again.",
    access: 'run',
    body: logPointsInput.meta({ id: 'Points' }),
    response: z.object({ stored: z.int(), skipped: z.int() }),
    handler: ({ db, actor, params, body }) => logPoints(db, actor, params.runId, body),
  }),
];
