import type { Entry } from './entry.ts';
import { get } from './entry.ts';
import { everybody, readCourseAsStaff, readProject, writeProject } from './outcomes.ts';
import type { Ids, World } from './world.ts';

const tus = { 'tus-resumable': '1.0.0' };

/** A request about an upload that was begun, one for each call. */
function upload(method: string, more: Record<string, string>, status: number): Entry {
  return {
    expect: writeProject('run'),
    status,
    call: async (ids: Ids, { fresh }: World) => ({
      method,
      path: `/api/uploads/${await fresh.upload(ids)}`,
      headers: { ...tus, ...more },
    }),
  };
}

const image = (part: string) => (ids: Ids) => `/api/datasets/${ids.dataset}/items/${part}/0/image`;

/** What is neither tRPC nor REST. */
export const otherTable: Record<string, Entry> = {
  'live of a project': get(({ project }) => `/api/live?project=${project}`, readProject),
  'live of a run': get(({ run }) => `/api/live?run=${run}`, readProject),
  health: get(() => '/api/health', everybody('ok')),

  'class as CSV': get(({ course }) => `/api/class/${course}`, readCourseAsStaff),

  'image of a train item': get(image('train'), readProject),
  'image of a validation item': get(image('validation'), readProject),
  'image of a test item': get(image('test'), {
    ...readProject,
    administrator: 'absent',
    instructor: 'absent',
    assistant: 'absent',
    member: 'absent',
    'token: read': 'absent',
    'token: this project': 'absent',
  }),

  // The project has a sealed data set: whoever is let through is told so.
  'upload: begin': {
    expect: writeProject('run'),
    status: 409,
    call: ({ project }) => ({
      method: 'POST',
      path: '/api/uploads',
      headers: {
        ...tus,
        'upload-length': '10',
        'upload-metadata': `projectId ${btoa(project)},filename ${btoa('a.csv')}`,
      },
    }),
  },
  'upload: how far': upload('HEAD', {}, 200),
  'upload: go on': upload('PATCH', { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }, 204),
  'upload: give up': upload('DELETE', {}, 204),
};
