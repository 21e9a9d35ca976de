import { REST_ROOT } from '../handle-rest.ts';
import { openApiDocument } from '../openapi.ts';
import { type Route, route } from '../route.ts';
import { augmentationRoutes } from './augmentation.ts';
import { comparisonRoutes } from './comparisons.ts';
import { courseRoutes } from './courses.ts';
import { datasetRoutes } from './datasets.ts';
import { finalRoutes } from './final.ts';
import { modelRoutes } from './models.ts';
import { peopleRoutes } from './people.ts';
import { projectRoutes } from './projects.ts';
import { runRoutes } from './runs.ts';
import { seriesRoutes } from './series.ts';
import { trainerRoutes } from './trainers.ts';

/** Made once: anybody may ask for it. */
let openApi: ReturnType<typeof openApiDocument> | undefined;

/** The whole REST table. */
export const restRoutes: readonly Route[] = [
  ...peopleRoutes,
  ...courseRoutes,
  ...projectRoutes,
  ...datasetRoutes,
  ...runRoutes,
  ...augmentationRoutes,
  ...modelRoutes,
  ...comparisonRoutes,
  ...seriesRoutes,
  ...finalRoutes,
  ...trainerRoutes,
  route({
    method: 'GET',
    path: '/openapi.json',
    operationId: 'getOpenApi',
    tag: 'about',
    summary: 'This interface as an OpenAPI 3.1 document',
    access: 'public',
    media: ['application/json'],
    async handler() {
      openApi ??= openApiDocument(restRoutes, { version: '1', serverUrl: REST_ROOT });
      return Response.json(openApi);
    },
  }),
];
