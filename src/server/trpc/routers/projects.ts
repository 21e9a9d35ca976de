import { z } from 'zod';
import { getProject } from '../../projects/get-project.ts';
import { procedure, router } from '../init.ts';

export const projectInput = z.object({ projectId: z.string() });

export const projectsRouter = router({
  get: procedure.input(projectInput).query(({ ctx, input }) => getProject(ctx.db, ctx.actor, input.projectId)),
});
