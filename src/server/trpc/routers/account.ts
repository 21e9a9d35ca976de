import { z } from 'zod';
import { newPassword, personName, tokenName, tokenScope } from '#core/people/inputs.ts';
import { changePassword } from '../../people/change-password.ts';
import { getAccount } from '../../people/get-account.ts';
import { updateProfile } from '../../people/update-profile.ts';
import { listSessions } from '../../sessions/list-sessions.ts';
import { revokeOtherSessions, revokeSession } from '../../sessions/revoke-session.ts';
import { createToken } from '../../tokens/create-token.ts';
import { listTokens } from '../../tokens/list-tokens.ts';
import { revokeToken } from '../../tokens/revoke-token.ts';
import { procedure, router } from '../init.ts';

const tokenInput = z.object({
  name: tokenName,
  scopes: z.array(tokenScope).min(1, 'Choose at least one scope.'),
  projectId: z.string().nullable(),
  /** null: does not expire */
  days: z.number().int().min(1).max(3650).nullable(),
});

/** The person's own profile, sessions and API tokens. */
export const accountRouter = router({
  get: procedure.query(({ ctx }) => getAccount(ctx.db, ctx.actor)),
  update: procedure
    .input(z.object({ name: personName }))
    .mutation(({ ctx, input }) => updateProfile(ctx.db, ctx.actor, input)),
  changePassword: procedure
    .input(z.object({ current: z.string().max(200), next: newPassword }))
    .mutation(({ ctx, input }) => changePassword(ctx.db, ctx.actor, input)),
  sessions: procedure.query(({ ctx }) => listSessions(ctx.db, ctx.actor)),
  revokeSession: procedure
    .input(z.object({ sessionId: z.string() }))
    .mutation(({ ctx, input }) => revokeSession(ctx.db, ctx.actor, input.sessionId)),
  revokeOtherSessions: procedure.mutation(({ ctx }) => revokeOtherSessions(ctx.db, ctx.actor)),
  tokens: procedure.query(({ ctx }) => listTokens(ctx.db, ctx.actor)),
  createToken: procedure.input(tokenInput).mutation(({ ctx, input }) => createToken(ctx.db, ctx.actor, input)),
  revokeToken: procedure
    .input(z.object({ tokenId: z.string() }))
    .mutation(({ ctx, input }) => revokeToken(ctx.db, ctx.actor, input.tokenId)),
});
