import type { Db } from '#db/client.ts';
import { requireCourse } from '../access.ts';
import type { Actor } from '../actor.ts';
import { lockOf, lockSelect } from '../projects/lock.ts';

/**
 * A course as its members see it: everyone sees names and teams (they work side by side); e-mail addresses are for
 * staff, projects for the team itself and staff.
 */
export async function getCourse(db: Db, actor: Actor, courseId: string) {
  const access = await requireCourse(db, actor, courseId, 'member');
  const course = await db.prisma.course.findUniqueOrThrow({
    where: { id: access.courseId },
    select: {
      id: true,
      name: true,
      term: true,
      teams: {
        orderBy: { name: 'asc' },
        select: {
          id: true,
          name: true,
          projects: {
            orderBy: { id: 'asc' },
            select: { id: true, name: true, archivedAt: true, _count: { select: { runs: true } }, ...lockSelect },
          },
        },
      },
      members: {
        orderBy: { user: { name: 'asc' } },
        select: { userId: true, role: true, teamId: true, user: { select: { name: true, email: true } } },
      },
    },
  });
  return {
    id: course.id,
    name: course.name,
    term: course.term,
    role: access.role,
    teamId: access.teamId,
    isStaff: access.isStaff,
    isInstructor: actor.isAdmin || access.role === 'instructor',
    members: course.members.map((member) => ({
      userId: member.userId,
      name: member.user.name,
      email: access.isStaff || member.userId === actor.userId ? member.user.email : null,
      role: member.role,
      teamId: member.teamId,
      isMe: member.userId === actor.userId,
    })),
    teams: course.teams.map((team) => ({
      id: team.id,
      name: team.name,
      projects:
        access.isStaff || team.id === access.teamId
          ? team.projects.map((project) => ({
              id: project.id,
              name: project.name,
              archived: project.archivedAt !== null,
              runs: project._count.runs,
              lock: lockOf(project),
            }))
          : [],
    })),
  };
}
