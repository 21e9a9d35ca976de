/** Who asks, and what each should be told. */

export const PRINCIPALS = [
  'administrator',
  'instructor',
  'assistant',
  'member',
  'other team',
  'other course',
  'nobody',
  'token: read',
  'token: run',
  'token: submit',
  'token: this project',
  'token: other project',
  'token: revoked',
  'token: expired',
] as const;
export type Principal = (typeof PRINCIPALS)[number];

/**
 * ok: let through (what is sent may still be refused for what it says); forbidden: 403; sign in: 401;
 * hidden: 404, and to the byte the answer for an id that nothing has; absent: 404 to somebody who may see what it is part of.
 */
export type Outcome = 'ok' | 'forbidden' | 'hidden' | 'absent' | 'sign in';
export type Row = Record<Principal, Outcome>;

const ended = { nobody: 'sign in', 'token: revoked': 'sign in', 'token: expired': 'sign in' } as const;
type Scope = 'read' | 'run' | 'submit';
const tokens = (scope: Scope, elsewhere: Outcome) =>
  ({
    'token: read': scope === 'read' ? 'ok' : 'forbidden',
    'token: run': scope === 'run' ? 'ok' : 'forbidden',
    'token: submit': scope === 'submit' ? 'ok' : 'forbidden',
    'token: this project': 'ok',
    'token: other project': elsewhere,
  }) as const;
const everyToken = (outcome: Outcome) =>
  ({
    'token: read': outcome,
    'token: run': outcome,
    'token: submit': outcome,
    'token: this project': outcome,
    'token: other project': outcome,
  }) as const;
const everySession = (outcome: Outcome) =>
  ({
    administrator: outcome,
    instructor: outcome,
    assistant: outcome,
    member: outcome,
    'other team': outcome,
    'other course': outcome,
  }) as const;

/** Whoever may see the project. */
export const readProject: Row = {
  ...everySession('ok'),
  'other team': 'hidden',
  'other course': 'hidden',
  ...tokens('read', 'hidden'),
  ...ended,
};

/** Members of the team alone; staff and administrators see, but do not change. */
export const writeProject = (scope: 'run' | 'submit'): Row => ({
  ...everySession('forbidden'),
  member: 'ok',
  'other team': 'hidden',
  'other course': 'hidden',
  ...tokens(scope, 'hidden'),
  ...ended,
});

/** Shares a run with the course: its instructors and administrators; a member's token is no instructor. */
export const shareWithCourse: Row = {
  ...everySession('forbidden'),
  administrator: 'ok',
  instructor: 'ok',
  'other team': 'hidden',
  'other course': 'hidden',
  ...everyToken('forbidden'),
  'token: other project': 'hidden',
  ...ended,
};

/** For a team: its members, and the course's staff. A token for one project makes no other. */
export const makeProject: Row = {
  ...writeProject('run'),
  administrator: 'ok',
  instructor: 'ok',
  assistant: 'ok',
  'token: this project': 'hidden',
};

/** Names and archives a project: the team, its instructors, administrators; never a token. */
export const manageProject: Row = {
  ...readProject,
  assistant: 'forbidden',
  ...everyToken('forbidden'),
};

/** Whoever is in the course; a token for one project reaches none. */
export const readCourse: Row = {
  ...everySession('ok'),
  'other course': 'hidden',
  ...tokens('read', 'hidden'),
  'token: this project': 'hidden',
  ...ended,
};

/** Instructors and assistants read. */
export const readCourseAsStaff: Row = {
  ...readCourse,
  member: 'forbidden',
  'other team': 'forbidden',
  'token: read': 'forbidden',
};

/** Instructors and administrators, never a token. */
export const manageCourse: Row = {
  ...everySession('forbidden'),
  administrator: 'ok',
  instructor: 'ok',
  'other course': 'hidden',
  ...everyToken('forbidden'),
  ...ended,
};

/** A row that belongs to the member alone, such as a session. */
export const ofMember: Row = { ...everySession('hidden'), member: 'ok', ...everyToken('forbidden'), ...ended };

/** Whoever is signed in is let through to a link that nobody made. */
export const signedInOnly = (outcome: Outcome): Row => ({
  ...everySession(outcome),
  ...everyToken('forbidden'),
  ...ended,
});

/** About the person who asks, whoever that is. */
export const ownAccount = signedInOnly('ok');
export const anyone: Row = { ...everySession('ok'), ...everyToken('ok'), ...ended };
export const anyoneWith = (scope: Scope): Row => ({ ...everySession('ok'), ...tokens(scope, 'ok'), ...ended });

/** Needs nobody to be signed in. */
export const everybody = (outcome: Outcome): Row =>
  Object.fromEntries(PRINCIPALS.map((principal) => [principal, outcome])) as Row;
