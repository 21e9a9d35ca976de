import { trainersSchema } from '#core/api/schemas.ts';
import { listTrainers } from '../../trainers/list-trainers.ts';
import { route } from '../route.ts';

export const trainerRoutes = [
  route({
    method: 'GET',
    path: '/trainers',
    operationId: 'listTrainers',
    tag: 'trainers',
    summary: 'The devices that train, what each does, and who waits',
    access: 'read',
    response: trainersSchema,
    handler: ({ db, actor }) => listTrainers(db, actor),
  }),
];
