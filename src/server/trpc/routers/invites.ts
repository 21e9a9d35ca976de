import { z } from 'zod';
import { courseRole, newAccount } from '#core/people/inputs.ts';
import { acceptInvite, acceptInviteAsNew } from '../../invites/accept-invite.ts';
import { createInvite } from '../../invites/create-invite.ts';
import { listInvites } from '../../invites/list-invites.ts';
import { readInvite } from '../../invites/read-invite.ts';
import { revokeInvite } from '../../invites/revoke-invite.ts';
import { procedure, publicProcedure, router } from '../init.ts';

const token = z.string().max(100);

export const invitesRouter = router({
  read: publicProcedure.input(z.object({ token })).query(({ ctx, input }) => readInvite(ctx.db, input.token)),
  accept: procedure
    .input(z.object({ token }))
    .mutation(({ ctx, input }) => acceptInvite(ctx.db, ctx.actor, input.token)),
  acceptAsNew: publicProcedure
    .input(newAccount.extend({ token }))
    .mutation(async ({ ctx, input }) => ({ courseId: (await acceptInviteAsNew(ctx.db, input)).courseId })),
  list: procedure
    .input(z.object({ courseId: z.string() }))
    .query(({ ctx, input }) => listInvites(ctx.db, ctx.actor, input.courseId)),
  create: procedure
    .input(
      z.object({
        courseId: z.string(),
        role: courseRole,
        teamId: z.string().nullable(),
        maxUses: z.number().int().min(1, 'At least 1.').max(1000, 'At most 1,000.'),
        days: z.number().int().min(1, 'At least 1 day.').max(365, 'At most 365 days.'),
      }),
    )
    .mutation(({ ctx, input }) => createInvite(ctx.db, ctx.actor, input)),
  revoke: procedure
    .input(z.object({ courseId: z.string(), inviteId: z.string() }))
    .mutation(({ ctx, input }) => revokeInvite(ctx.db, ctx.actor, input)),
});
