import { listTrainers } from '../../trainers/list-trainers.ts';
import { procedure, router } from '../init.ts';

export const trainersRouter = router({
  list: procedure.query(({ ctx }) => listTrainers(ctx.db, ctx.actor)),
});
