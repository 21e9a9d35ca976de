import { getFrame } from '../../people/get-frame.ts';
import { procedure, router } from '../init.ts';

export const peopleRouter = router({
  /** The rail: me, my courses, the projects that I may read. */
  frame: procedure.query(({ ctx }) => getFrame(ctx.db, ctx.actor)),
});
