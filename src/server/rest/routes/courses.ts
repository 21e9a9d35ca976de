import { courseSchema, pageOf, teamSchema } from '#core/api/schemas.ts';
import { getCourse } from '../../courses/get-course.ts';
import { getFrame } from '../../people/get-frame.ts';
import { pageOfAll, pageQuery } from '../paging.ts';
import { route } from '../route.ts';

export const courseRoutes = [
  route({
    method: 'GET',
    path: '/courses',
    operationId: 'listCourses',
    tag: 'courses',
    summary: 'Every course that you are in, newest first',
    access: 'read',
    query: pageQuery,
    response: pageOf(courseSchema),
    handler: async ({ db, actor, query }) => pageOfAll((await getFrame(db, actor)).courses, query),
  }),
  route({
    method: 'GET',
    path: '/courses/{courseId}',
    operationId: 'getCourse',
    tag: 'courses',
    summary: 'One course',
    access: 'read',
    response: courseSchema,
    handler: ({ db, actor, params }) => getCourse(db, actor, params.courseId),
  }),
  route({
    method: 'GET',
    path: '/courses/{courseId}/teams',
    operationId: 'listTeams',
    tag: 'courses',
    summary: 'The teams of a course and who is in them, by name',
    access: 'read',
    query: pageQuery,
    response: pageOf(teamSchema),
    async handler({ db, actor, params, query }) {
      const { teams, members } = await getCourse(db, actor, params.courseId);
      const membersOf = (teamId: string) =>
        members.filter((member) => member.teamId === teamId).map(({ userId, name }) => ({ id: userId, name }));
      return pageOfAll(
        teams.map(({ id, name }) => ({ id, name, members: membersOf(id) })),
        query,
      );
    },
  }),
];
