import { type Entry, get, post } from './entry.ts';
import {
  anyone,
  anyoneWith,
  everybody,
  makeProject,
  readCourse,
  readProject,
  shareWithCourse,
  writeProject,
} from './outcomes.ts';
import { CONFIG } from './world.ts';

const api = '/api/v1';

/** By operationId. */
export const restTable: Record<string, Entry> = {
  getOpenApi: get(() => `${api}/openapi.json`, everybody('ok')),
  listCertificateKeys: get(() => `${api}/certificate-keys`, everybody('ok')),
  getMe: get(() => `${api}/me`, anyone),

  listCourses: get(() => `${api}/courses`, anyoneWith('read')),
  getCourse: get(({ course }) => `${api}/courses/${course}`, readCourse),
  listTeams: get(({ course }) => `${api}/courses/${course}/teams`, readCourse),

  listProjects: get(() => `${api}/projects`, anyoneWith('read')),
  createProject: post(
    () => `${api}/projects`,
    ({ team }) => ({ teamId: team, name: `Made ${crypto.randomUUID()}` }),
    makeProject,
  ),
  getProject: get(({ project }) => `${api}/projects/${project}`, readProject),

  // The data set is sealed already: whoever is let through is told so.
  uploadDataset: {
    expect: writeProject('run'),
    status: 409,
    call: ({ project }) => ({
      method: 'POST',
      path: `${api}/projects/${project}/datasets?filename=a.csv`,
      headers: { 'content-length': '4' },
      body: 'a,b\n',
    }),
  },
  listDatasets: get(({ project }) => `${api}/projects/${project}/datasets`, readProject),
  getDataset: get(({ dataset }) => `${api}/datasets/${dataset}`, readProject),
  confirmDataset: post(
    ({ dataset }) => `${api}/datasets/${dataset}/confirm`,
    () => ({ automatic: true }),
    writeProject('run'),
    409,
  ),
  cancelDataset: post(({ dataset }) => `${api}/datasets/${dataset}/cancel`, undefined, writeProject('run'), 409),

  launchRun: post(
    ({ project }) => `${api}/projects/${project}/runs`,
    () => ({ config: CONFIG }),
    writeProject('run'),
  ),
  previewAugmentation: post(
    ({ project }) => `${api}/projects/${project}/augmentation-preview`,
    () => ({ config: { augmentation: { rotation: 10 } } }),
    readProject,
  ),
  listRuns: get(({ project }) => `${api}/projects/${project}/runs`, readProject),
  getRun: get(({ run }) => `${api}/runs/${run}`, readProject),
  stopRun: post(({ run }) => `${api}/runs/${run}/stop`, undefined, writeProject('run')),
  shareRun: post(
    ({ run }) => `${api}/runs/${run}/share`,
    () => ({ shared: false }),
    shareWithCourse,
  ),
  listSources: get(({ project }) => `${api}/projects/${project}/sources`, readProject),
  // What is sent is no model: whoever is let through is told so.
  importModel: {
    expect: writeProject('run'),
    status: 415,
    call: ({ project }) => ({ method: 'POST', path: `${api}/projects/${project}/models?filename=a.h5`, body: 'a,b\n' }),
  },
  deleteModel: {
    expect: writeProject('run'),
    call: async (ids, { fresh }) => ({ method: 'DELETE', path: `${api}/models/${await fresh.model(ids)}` }),
  },
  getLayers: get(({ run }) => `${api}/runs/${run}/layers`, readProject),
  getItemReport: get(({ run }) => `${api}/runs/${run}/items`, readProject),
  getHistograms: get(({ run }) => `${api}/runs/${run}/histograms?name=weights/dense1`, readProject),
  getRates: get(({ run }) => `${api}/runs/${run}/rates`, readProject),
  getLog: get(({ run }) => `${api}/runs/${run}/log`, readProject),
  listArtifacts: get(({ run }) => `${api}/runs/${run}/artifacts`, readProject),
  downloadArtifact: get(({ run }) => `${api}/runs/${run}/artifacts/best.safetensors`, readProject),
  getDiagnosis: get(({ run }) => `${api}/runs/${run}/diagnosis`, readProject),
  // Nothing of this model can be changed so: whoever is let through is told, and nothing is launched.
  tryRemedy: post(
    ({ run }) => `${api}/runs/${run}/remedies`,
    () => ({ remedy: 'dropout' }),
    writeProject('run'),
    409,
  ),
  launchLadder: post(
    ({ run }) => `${api}/runs/${run}/ladder`,
    () => ({}),
    writeProject('run'),
    409,
  ),
  listComparisons: get(({ project }) => `${api}/projects/${project}/comparisons`, readProject),
  getComparison: get(({ comparison }) => `${api}/comparisons/${comparison}`, readProject),
  listCheckpoints: get(({ run }) => `${api}/runs/${run}/checkpoints`, readProject),
  exportCheckpoint: get(({ run }) => `${api}/runs/${run}/checkpoints/best/export?format=onnx`, readProject),
  listSeries: get(({ run }) => `${api}/runs/${run}/series-names`, readProject),
  getSeries: get(({ run }) => `${api}/runs/${run}/series?name=loss/validation`, readProject),
  logPoints: post(
    ({ run }) => `${api}/runs/${run}/series`,
    () => ({ series: [{ name: 'custom/f1', steps: [1], values: [0.5] }] }),
    writeProject('run'),
  ),

  listTrainers: get(() => `${api}/trainers`, anyoneWith('read')),

  getFinal: get(({ project }) => `${api}/projects/${project}/final`, readProject),
  // The name is wrong: whoever is let through is told so, and nothing is committed.
  commitFinal: post(
    ({ project }) => `${api}/projects/${project}/final`,
    ({ run }) => ({ runId: run, confirm: 'another name' }),
    writeProject('submit'),
    400,
  ),
  getCertificate: get(({ project }) => `${api}/projects/${project}/final/certificate`, readProject, 409),
};
