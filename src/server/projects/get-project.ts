import type { Db } from '#db/client.ts';
import { requireProject } from '../access.ts';
import type { Actor } from '../actor.ts';
import { lockOf, lockSelect } from './lock.ts';

/** What every page of a project needs: names, where its test part stands, how many runs, and whether the person may change it. */
export async function getProject(db: Db, actor: Actor, projectId: string) {
  const access = await requireProject(db, actor, projectId, 'read');
  const project = await db.prisma.project.findUniqueOrThrow({
    where: { id: access.projectId },
    select: {
      id: true,
      name: true,
      archivedAt: true,
      createdAt: true,
      team: { select: { id: true, name: true, course: { select: { id: true, name: true } } } },
      _count: { select: { runs: true } },
      ...lockSelect,
    },
  });
  return {
    id: project.id,
    name: project.name,
    archivedAt: project.archivedAt,
    createdAt: project.createdAt,
    team: { id: project.team.id, name: project.team.name },
    course: project.team.course,
    runs: project._count.runs,
    lock: lockOf(project),
    role: access.role,
    canWrite: access.canWrite,
    canManage: access.inTeam || access.role === 'instructor' || actor.isAdmin,
  };
}
