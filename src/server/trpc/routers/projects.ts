import { z } from 'zod';
import { projectName } from '#core/people/inputs.ts';
import { createProject } from '../../projects/create-project.ts';
import { getOverview } from '../../projects/get-overview.ts';
import { getProject } from '../../projects/get-project.ts';
import { archiveProject, renameProject } from '../../projects/update-project.ts';
import { procedure, router } from '../init.ts';

const projectId = z.string();

export const projectsRouter = router({
  get: procedure
    .input(z.object({ projectId }))
    .query(({ ctx, input }) => getProject(ctx.db, ctx.actor, input.projectId)),
  overview: procedure
    .input(z.object({ projectId }))
    .query(({ ctx, input }) => getOverview(ctx.db, ctx.actor, input.projectId)),
  create: procedure
    .input(z.object({ teamId: z.string(), name: projectName }))
    .mutation(({ ctx, input }) => createProject(ctx.db, ctx.actor, input)),
  rename: procedure
    .input(z.object({ projectId, name: projectName }))
    .mutation(({ ctx, input }) => renameProject(ctx.db, ctx.actor, input)),
  archive: procedure
    .input(z.object({ projectId, archived: z.boolean() }))
    .mutation(({ ctx, input }) => archiveProject(ctx.db, ctx.actor, input)),
});
