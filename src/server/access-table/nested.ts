import { type Entry, mutation, query } from './entry.ts';
import { everybody } from './outcomes.ts';
import { CONFIG, type Ids, type World } from './world.ts';

/**
 * Requests of "other team" about its own project that name an object of a stranger's inside. Each must be answered
 * as with an id that nothing has. A request that takes a second id belongs here.
 */
const nested: Record<
  string,
  [procedure: string, kind: 'query' | 'mutation', input: (ids: Ids, world: World) => unknown]
> = {
  "a run on a stranger's data set": [
    'runs.launch',
    'mutation',
    ({ dataset }, { rival }) => ({ projectId: rival.project, datasetId: dataset, config: CONFIG }),
  ],
  "a copy of a stranger's run": [
    'runs.launch',
    'mutation',
    ({ run }, { rival }) => ({ projectId: rival.project, parentId: run, config: CONFIG }),
  ],
  "a start from a stranger's run": [
    'runs.launch',
    'mutation',
    ({ run }, { rival }) => ({ projectId: rival.project, config: { ...CONFIG, startFrom: { source: { run } } } }),
  ],
  "series of one's own and of a stranger's run": [
    'runs.series',
    'query',
    ({ run }, { rival }) => ({ runs: [{ id: rival.run }, { id: run }], names: ['loss/validation'] }),
  ],
  "names of series of one's own and of a stranger's run": [
    'runs.seriesNames',
    'query',
    ({ run }, { rival }) => ({ runIds: [rival.run, run] }),
  ],
  "a stranger's run as one's own final one": [
    'final.commit',
    'mutation',
    ({ run }, { rival }) => ({ projectId: rival.project, runId: run, confirmation: 'Digits' }),
  ],
};

/** The same over REST: POST with a body. */
const nestedRest: Record<string, [path: (world: World) => string, body: (ids: Ids) => unknown]> = {
  "a preview of a stranger's data set": [
    ({ rival }) => `/projects/${rival.project}/augmentation-preview`,
    ({ dataset }) => ({ datasetId: dataset, config: {} }),
  ],
};

const procedures = Object.entries(nested).map(([name, [procedure, kind, input]]) => {
  const make = kind === 'query' ? query : mutation;
  return [name, make(input, everybody('hidden'))(procedure)] as const;
});

const routes = Object.entries(nestedRest).map(([name, [path, body]]) => {
  const entry: Entry = {
    expect: everybody('hidden'),
    call: (ids, world) => ({
      method: 'POST',
      path: `/api/v1${path(world)}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body(ids)),
    }),
  };
  return [name, entry] as const;
});

export const nestedEntries = [...procedures, ...routes];
