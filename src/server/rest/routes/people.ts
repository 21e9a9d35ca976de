import { meSchema } from '#core/api/schemas.ts';
import { getFrame } from '../../people/get-frame.ts';
import { route } from '../route.ts';

export const peopleRoutes = [
  route({
    method: 'GET',
    path: '/me',
    operationId: 'getMe',
    tag: 'people',
    summary: 'Who the token stands for, what it may do, and the teams of that person',
    access: 'any',
    response: meSchema,
    async handler({ db, actor }) {
      const { me, courses } = await getFrame(db, actor);
      const teams = courses.flatMap(({ teamId, teamName, id, name }) =>
        teamId === null ? [] : [{ id: teamId, name: teamName ?? '', course: { id, name } }],
      );
      const { via } = actor;
      const token = via.kind === 'token' ? { scopes: [...via.scopes], projectId: via.projectId } : null;
      return { ...me, token, teams };
    },
  }),
];
