import { z } from 'zod';
import { courseName, courseRole, courseTerm, teamName } from '#core/people/inputs.ts';
import { getClass } from '../../classes/get-class.ts';
import { createCourse } from '../../courses/create-course.ts';
import { getCourse } from '../../courses/get-course.ts';
import { removeMember, setMember } from '../../courses/set-member.ts';
import { updateCourse } from '../../courses/update-course.ts';
import { createTeam } from '../../teams/create-team.ts';
import { renameTeam } from '../../teams/rename-team.ts';
import { procedure, router } from '../init.ts';

const courseId = z.string();

export const coursesRouter = router({
  get: procedure.input(z.object({ courseId })).query(({ ctx, input }) => getCourse(ctx.db, ctx.actor, input.courseId)),
  class: procedure.input(z.object({ courseId })).query(({ ctx, input }) => getClass(ctx.db, ctx.actor, input.courseId)),
  create: procedure
    .input(z.object({ name: courseName, term: courseTerm }))
    .mutation(({ ctx, input }) => createCourse(ctx.db, ctx.actor, input)),
  update: procedure
    .input(z.object({ courseId, name: courseName, term: courseTerm }))
    .mutation(({ ctx, input }) => updateCourse(ctx.db, ctx.actor, input)),
  setMember: procedure
    .input(
      z.object({
        courseId,
        userId: z.string(),
        role: courseRole.optional(),
        teamId: z.string().nullable().optional(),
      }),
    )
    .mutation(({ ctx, input }) => setMember(ctx.db, ctx.actor, input)),
  removeMember: procedure
    .input(z.object({ courseId, userId: z.string() }))
    .mutation(({ ctx, input }) => removeMember(ctx.db, ctx.actor, input)),
  createTeam: procedure
    .input(z.object({ courseId, name: teamName }))
    .mutation(({ ctx, input }) => createTeam(ctx.db, ctx.actor, input)),
  renameTeam: procedure
    .input(z.object({ courseId, teamId: z.string(), name: teamName }))
    .mutation(({ ctx, input }) => renameTeam(ctx.db, ctx.actor, input)),
});
