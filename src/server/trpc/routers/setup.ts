import { z } from 'zod';
import { newAccount } from '#core/people/inputs.ts';
import { createAdmin } from '../../setup/create-admin.ts';
import { publicProcedure, router } from '../init.ts';

export const setupRouter = router({
  createAdmin: publicProcedure
    .input(newAccount.extend({ token: z.string().max(100) }))
    .mutation(async ({ ctx, input }) => {
      await createAdmin(ctx.db, input);
    }),
});
