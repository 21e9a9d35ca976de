import { z } from 'zod';
import { pageOf, projectIdSchema, projectSchema, projectSummarySchema } from '#core/api/schemas.ts';
import { projectName } from '#core/people/inputs.ts';
import { getFrame } from '../../people/get-frame.ts';
import { createProject } from '../../projects/create-project.ts';
import { getProject } from '../../projects/get-project.ts';
import { pageOfAll, pageQuery } from '../paging.ts';
import { route } from '../route.ts';

export const projectRoutes = [
  route({
    method: 'GET',
    path: '/projects',
    operationId: 'listProjects',
    tag: 'projects',
    summary: 'Every project that you may read',
    access: 'read',
    query: pageQuery,
    response: pageOf(projectSummarySchema),
    async handler({ db, actor, query }) {
      const { courses } = await getFrame(db, actor);
      const projects = courses.flatMap(({ id, name, projects }) =>
        projects.map((each) => ({
          id: each.id,
          name: each.name,
          team: { id: each.teamId, name: each.teamName },
          course: { id, name },
          testPart: each.lock,
        })),
      );
      return pageOfAll(projects, query);
    },
  }),
  route({
    method: 'POST',
    path: '/projects',
    operationId: 'createProject',
    tag: 'projects',
    summary: 'Make a project for a team of yours',
    access: 'run',
    status: 201,
    body: z.strictObject({ teamId: z.string(), name: projectName }),
    response: projectIdSchema,
    handler: ({ db, actor, body }) => createProject(db, actor, body),
  }),
  route({
    method: 'GET',
    path: '/projects/{projectId}',
    operationId: 'getProject',
    tag: 'projects',
    summary: 'One project',
    access: 'read',
    response: projectSchema,
    async handler({ db, actor, params }) {
      const { lock, ...project } = await getProject(db, actor, params.projectId);
      return { ...project, testPart: lock };
    },
  }),
];
