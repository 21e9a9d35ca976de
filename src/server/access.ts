import { AppError, notFound } from '#core/errors.ts';
import type { Db, Prisma } from '#db/client.ts';
import type { CourseRole, TokenScope } from '#db/generated/enums.ts';
import { PROJECT_OF } from '#db/sql/access.ts';
import { type Actor, hasScope } from './actor.ts';

/**
 * The one place that decides who reaches what. Members of a team (and only they) change its projects;
 * instructors and assistants of the course and administrators read everything of it, except test parts, which nobody reads.
 * What an actor can't see answers exactly as what does not exist.
 */

export interface ProjectAccess {
  projectId: string;
  projectName: string;
  teamId: string;
  courseId: string;
  /** role in the course; null for an administrator who is not a member */
  role: CourseRole | null;
  /** member of the team, and the project is not archived: may upload, launch, stop, commit */
  canWrite: boolean;
  inTeam: boolean;
}

function requireScope(actor: Actor, scope: TokenScope): void {
  if (!hasScope(actor, scope)) {
    throw new AppError(
      'forbidden',
      `This token lacks the scope "${scope}". Make one that has it under Account, API tokens.`,
    );
  }
}

/**
 * Account matters (password, sessions, tokens, invites, roles) need a person at the page: a token can't make itself stronger.
 * @returns the session's id
 * @throws AppError forbidden
 */
export function requirePerson(actor: Actor): string {
  if (actor.via.kind === 'session') return actor.via.sessionId;
  throw new AppError('forbidden', 'An API token can not do this. Sign in on the page.');
}

function isStaff(role: CourseRole | null): boolean {
  return role === 'instructor' || role === 'assistant';
}

/**
 * `read` needs sight of the project, `run` and `submit` need membership of its team.
 * @throws AppError not_found for a stranger, forbidden for one who may only read or whose token lacks the scope
 */
export async function requireProject(
  db: Db,
  actor: Actor,
  projectId: string,
  scope: TokenScope,
): Promise<ProjectAccess> {
  return (await requireObject('project', db, actor, projectId, scope)).access;
}

interface ObjectRow {
  id: string;
  projectId: string;
  projectName: string;
  teamId: string;
  archived: boolean;
  courseId: string;
  /** of the person in the course; null for who is no member */
  role: CourseRole | null;
  memberTeamId: string | null;
}

/** The refusal names what was asked for, so that it doesn't give away that the object exists in some project. */
async function requireObject(
  what: keyof typeof PROJECT_OF,
  db: Db,
  actor: Actor,
  id: string,
  scope: TokenScope,
): Promise<{ id: string; access: ProjectAccess }> {
  const { rows } = await db.pool.query<ObjectRow>(PROJECT_OF[what], [uuidOr(id), actor.userId]);
  const row = rows[0];
  const inTeam = row !== undefined && row.memberTeamId === row.teamId;
  const bound = actor.via.kind === 'token' ? actor.via.projectId : null;
  const visible = row && (inTeam || isStaff(row.role) || actor.isAdmin) && (bound === null || bound === row.projectId);
  if (!visible) throw notFound(what);
  requireScope(actor, scope);
  if (scope !== 'read' && !inTeam) {
    throw new AppError('forbidden', 'Only members of the team can change its project. You can read everything here.');
  }
  if (scope !== 'read' && row.archived) {
    throw new AppError('conflict', 'This project is archived. Restore it under Settings to change it.');
  }
  const { projectId, projectName, teamId, courseId, role } = row;
  const canWrite = inTeam && !row.archived;
  return { id: row.id, access: { projectId, projectName, teamId, courseId, role, canWrite, inTeam } };
}

/** The rule of requireProject as a filter, for lists: every project that the actor may read. */
export function visibleProjects(actor: Actor): Prisma.ProjectWhereInput {
  const bound = actor.via.kind === 'token' ? actor.via.projectId : null;
  const mine = { some: { userId: actor.userId } };
  return {
    ...(bound === null ? {} : { id: bound }),
    ...(actor.isAdmin
      ? {}
      : {
          team: {
            OR: [
              { members: mine },
              { course: { members: { some: { userId: actor.userId, role: { in: ['instructor', 'assistant'] } } } } },
            ],
          },
        }),
  };
}

export interface RunAccess extends ProjectAccess {
  runId: string;
}

/** As requireProject, by the id of a run. */
export async function requireRun(db: Db, actor: Actor, runId: string, scope: TokenScope): Promise<RunAccess> {
  const { id, access } = await requireObject('run', db, actor, runId, scope);
  return { ...access, runId: id };
}

/** As requireProject, by the id of an uploaded model. */
export function requireModel(
  db: Db,
  actor: Actor,
  modelId: string,
  scope: TokenScope,
): Promise<{ id: string; access: ProjectAccess }> {
  return requireObject('model', db, actor, modelId, scope);
}

/** As requireProject, by the id of a data set. */
export async function requireDataset(
  db: Db,
  actor: Actor,
  datasetId: string,
  scope: TokenScope,
): Promise<ProjectAccess & { datasetId: string }> {
  const { id, access } = await requireObject('data set', db, actor, datasetId, scope);
  return { ...access, datasetId: id };
}

/** As requireProject, by the id of a comparison. */
export async function requireComparison(
  db: Db,
  actor: Actor,
  comparisonId: string,
  scope: TokenScope,
): Promise<ProjectAccess & { comparisonId: string }> {
  const { id, access } = await requireObject('comparison', db, actor, comparisonId, scope);
  return { ...access, comparisonId: id };
}

export interface CourseAccess {
  courseId: string;
  role: CourseRole | null;
  teamId: string | null;
  isStaff: boolean;
}

/**
 * `member`: anyone in the course; `staff`: instructors and assistants; `instructor`: instructors. Administrators pass each.
 * Tokens bound to one project reach no course.
 */
export async function requireCourse(
  db: Db,
  actor: Actor,
  courseId: string,
  need: 'member' | 'staff' | 'instructor',
  scope: TokenScope = 'read',
): Promise<CourseAccess> {
  const course = await db.prisma.course.findUnique({
    where: { id: uuidOr(courseId) },
    select: { id: true, members: { where: { userId: actor.userId }, select: { role: true, teamId: true } } },
  });
  const member = course?.members[0];
  const bound = actor.via.kind === 'token' && actor.via.projectId !== null;
  if (!course || bound || (!member && !actor.isAdmin)) throw notFound('course');
  requireScope(actor, scope);
  const role = member?.role ?? null;
  const allowed =
    need === 'member' || actor.isAdmin || role === 'instructor' || (need === 'staff' && role === 'assistant');
  if (!allowed)
    throw new AppError(
      'forbidden',
      `Only ${need === 'staff' ? 'instructors and assistants' : 'instructors'} of the course can do this.`,
    );
  return { courseId: course.id, role, teamId: member?.teamId ?? null, isStaff: isStaff(role) || actor.isAdmin };
}

/** Postgres refuses a malformed UUID with an error; a nil UUID simply matches nothing. */
export function uuidOr(id: string): string {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) ? id : '00000000-0000-0000-0000-000000000000';
}
