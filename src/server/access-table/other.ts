import { type Entry, get } from './entry.ts';
import { everybody, readProject } from './outcomes.ts';

/** What is neither tRPC nor REST. */
export const otherTable: Record<string, Entry> = {
  'live of a project': get(({ project }) => `/api/live?project=${project}`, readProject),
  'live of a run': get(({ run }) => `/api/live?run=${run}`, readProject),
  health: get(() => '/api/health', everybody('ok')),
};
