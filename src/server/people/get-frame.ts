import type { Db } from '#db/client.ts';
import type { CourseRole } from '#db/generated/enums.ts';
import { visibleProjects } from '../access.ts';
import type { Actor } from '../actor.ts';
import { type Lock, lockOf, lockSelect } from '../projects/lock.ts';

export interface FrameProject {
  id: string;
  name: string;
  teamId: string;
  teamName: string;
  lock: Lock;
}

export interface FrameCourse {
  id: string;
  name: string;
  term: string;
  /** null: an administrator who is no member */
  role: CourseRole | null;
  isStaff: boolean;
  teamId: string | null;
  teamName: string | null;
  people: number;
  /** every project that the person may read */
  projects: FrameProject[];
}

export interface Frame {
  me: { id: string; name: string; email: string; isAdmin: boolean };
  courses: FrameCourse[];
  mayCreateCourse: boolean;
}

/** What the rail shows: the person, their courses, and the projects that they may read. One query a table. */
export async function getFrame(db: Db, actor: Actor): Promise<Frame> {
  const me = await db.prisma.user.findUniqueOrThrow({
    where: { id: actor.userId },
    select: { id: true, name: true, email: true, isAdmin: true },
  });
  const bound = actor.via.kind === 'token' ? actor.via.projectId : null;
  const courses = await db.prisma.course.findMany({
    where: {
      ...(actor.isAdmin ? {} : { members: { some: { userId: actor.userId } } }),
      ...(bound === null ? {} : { teams: { some: { projects: { some: { id: bound } } } } }),
    },
    orderBy: { id: 'desc' },
    select: {
      id: true,
      name: true,
      term: true,
      members: {
        where: { userId: actor.userId },
        select: { role: true, teamId: true, team: { select: { name: true } } },
      },
      _count: { select: { members: true } },
    },
  });
  const projects = await db.prisma.project.findMany({
    where: { archivedAt: null, ...visibleProjects(actor) },
    orderBy: { id: 'asc' },
    select: { id: true, name: true, teamId: true, team: { select: { name: true, courseId: true } }, ...lockSelect },
  });
  return {
    me,
    mayCreateCourse: actor.isAdmin || courses.some((course) => course.members[0]?.role === 'instructor'),
    courses: courses.map((course) => {
      const member = course.members[0];
      const role = member?.role ?? null;
      return {
        id: course.id,
        name: course.name,
        term: course.term,
        role,
        isStaff: actor.isAdmin || role === 'instructor' || role === 'assistant',
        teamId: member?.teamId ?? null,
        teamName: member?.team?.name ?? null,
        people: course._count.members,
        projects: projects
          .filter((project) => project.team.courseId === course.id)
          .map((project) => ({
            id: project.id,
            name: project.name,
            teamId: project.teamId,
            teamName: project.team.name,
            lock: lockOf(project),
          })),
      };
    }),
  };
}
