import { type Entry, mutation, query } from './entry.ts';
import {
  anyone,
  everybody,
  makeProject,
  manageCourse,
  manageProject,
  ofMember,
  ownAccount,
  readCourse,
  readCourseAsStaff,
  readProject,
  shareWithCourse,
  signedInOnly,
  writeProject,
} from './outcomes.ts';
import { CONFIG, type Ids, type World } from './world.ts';

const someName = () => `Name ${crypto.randomUUID()}`;
const newAccount = () => ({ name: 'New', email: `${crypto.randomUUID()}@example.org`, password: 'a long enough one' });
const ofCourse = ({ course }: Ids) => ({ courseId: course });
const ofProject = ({ project }: Ids) => ({ projectId: project });
const ofRun = ({ run }: Ids) => ({ runId: run });
const seriesOf = ({ run }: Ids) => ({ runs: [{ id: run }], names: ['loss/validation'] });
const freshRun = async (ids: Ids, world: World) => ({ runId: await world.fresh.run(ids) });
const deadLink = () => ({ token: 'made up' });

const procedures: Record<string, (name: string) => Entry> = {
  'people.frame': query(undefined, anyone),
  'setup.createAdmin': mutation(() => ({ ...newAccount(), ...deadLink() }), everybody('forbidden')),

  'account.get': query(undefined, ownAccount),
  'account.update': mutation(() => ({ name: 'Ada' }), ownAccount),
  'account.changePassword': mutation(() => ({ current: '', next: 'a long enough one' }), ownAccount),
  'account.sessions': query(undefined, ownAccount),
  'account.revokeSession': mutation(async (ids, { fresh }) => ({ sessionId: await fresh.session(ids) }), ofMember),
  'account.revokeOtherSessions': mutation(undefined, ownAccount),
  'account.tokens': query(undefined, ownAccount),
  'account.createToken': mutation(({ project }) => ({ name: 'ci', scopes: ['read'], projectId: project, days: 1 }), {
    ...signedInOnly('ok'),
    'other team': 'hidden',
    'other course': 'hidden',
  }),
  'account.revokeToken': mutation(async (ids, { fresh }) => ({ tokenId: await fresh.token(ids) }), ofMember),

  'invites.read': query(deadLink, everybody('hidden')),
  'invites.accept': mutation(deadLink, signedInOnly('hidden')),
  'invites.acceptAsNew': mutation(() => ({ ...newAccount(), ...deadLink() }), everybody('hidden')),
  'invites.list': query(ofCourse, manageCourse),
  'invites.create': mutation(
    ({ course }) => ({ courseId: course, role: 'student', teamId: null, maxUses: 1, days: 1 }),
    manageCourse,
  ),
  'invites.revoke': mutation(
    async (ids, { fresh }) => ({ courseId: ids.course, inviteId: await fresh.invite(ids) }),
    manageCourse,
  ),

  'courses.get': query(ofCourse, readCourse),
  'courses.class': query(ofCourse, readCourseAsStaff),
  'courses.create': mutation(() => ({ name: someName(), term: '' }), {
    ...signedInOnly('forbidden'),
    administrator: 'ok',
    instructor: 'ok',
  }),
  'courses.update': mutation(({ course }) => ({ courseId: course, name: 'Learning', term: '' }), manageCourse),
  'courses.setMember': mutation(
    ({ course, user }) => ({ courseId: course, userId: user, role: 'student' }),
    manageCourse,
  ),
  'courses.removeMember': mutation(
    async (ids, { fresh }) => ({ courseId: ids.course, userId: await fresh.user(ids) }),
    manageCourse,
  ),
  'courses.createTeam': mutation(({ course }) => ({ courseId: course, name: someName() }), manageCourse),
  'courses.renameTeam': mutation(
    ({ course, team }) => ({ courseId: course, teamId: team, name: 'Kestrel' }),
    manageCourse,
  ),

  'projects.get': query(ofProject, readProject),
  'projects.overview': query(ofProject, readProject),
  'projects.create': mutation(({ team }) => ({ teamId: team, name: someName() }), makeProject),
  'projects.rename': mutation(({ project }) => ({ projectId: project, name: 'Digits' }), manageProject),
  'projects.archive': mutation(({ project }) => ({ projectId: project, archived: false }), manageProject),

  'datasets.ofProject': query(ofProject, readProject),
  // Sealed already: whoever is let through is told so.
  'datasets.confirm': mutation(
    ({ dataset }) => ({ datasetId: dataset, decision: { automatic: true } }),
    writeProject('run'),
    409,
  ),
  'datasets.cancel': mutation(({ dataset }) => ({ datasetId: dataset }), writeProject('run'), 409),
  'datasets.items': query(({ dataset }) => ({ datasetId: dataset, part: 'train' }), readProject),

  // In a team of one's own: an assistant has none.
  'samples.start': mutation(ofCourse, {
    ...signedInOnly('ok'),
    assistant: 'forbidden',
    'other course': 'hidden',
  }),
  'trainers.list': query(undefined, anyone),

  'runs.launchInfo': query(ofProject, readProject),
  'runs.launch': mutation(({ project }) => ({ projectId: project, config: CONFIG }), writeProject('run')),
  'runs.sources': query(ofProject, readProject),
  'runs.deleteModel': mutation(async (ids, { fresh }) => ({ modelId: await fresh.model(ids) }), writeProject('run')),
  'runs.share': mutation(({ run }) => ({ runId: run, shared: false }), shareWithCourse),
  'runs.list': query(ofProject, readProject),
  'runs.get': query(ofRun, readProject),
  'runs.stop': mutation(ofRun, writeProject('run')),
  'runs.rename': mutation(({ run }) => ({ runId: run, name: 'renamed' }), writeProject('run')),
  'runs.delete': mutation(freshRun, writeProject('run')),
  'runs.series': query(seriesOf, readProject),
  'runs.seriesNames': query(({ run }) => ({ runIds: [run] }), readProject),
  'runs.diagnosis': query(ofRun, readProject),
  'runs.diagnoses': query(ofProject, readProject),
  'runs.items': query(ofRun, readProject),
  'runs.worstPictures': query(ofRun, readProject),
  'runs.histograms': query(({ run }) => ({ runId: run, names: ['weights/dense1'] }), readProject),
  'runs.rates': query(ofRun, readProject),
  // Dropout has no place in a model without a hidden layer: whoever is let through is told so, and nothing is launched.
  'comparisons.tryRemedy': mutation(({ run }) => ({ runId: run, remedy: 'dropout' }), writeProject('run'), 409),
  'comparisons.ladder': mutation(ofRun, writeProject('run'), 409),
  'comparisons.get': query(({ comparison }) => ({ comparisonId: comparison }), readProject),
  'comparisons.ofRun': query(ofRun, readProject),
  'runs.log': query(ofRun, readProject),
  'runs.artifacts': query(ofRun, readProject),
  'runs.checkpoints': query(ofRun, readProject),

  'final.get': query(ofProject, readProject),
  // The name is wrong: whoever is let through is told so, and nothing is committed.
  'final.commit': mutation(
    ({ project, run }) => ({ projectId: project, runId: run, confirmation: 'another name' }),
    writeProject('submit'),
    400,
  ),
  'final.verify': mutation(() => ({}), everybody('ok')),
};

/** By the procedure's path. */
export const trpcTable: Record<string, Entry> = Object.fromEntries(
  Object.entries(procedures).map(([name, entry]) => [name, entry(name)]),
);
