import { initTRPC, TRPCError } from '@trpc/server';
import superjson from 'superjson';
import { AppError, ERROR_CODES } from '#core/errors.ts';
import type { Db } from '#db/client.ts';
import type { Actor } from '../actor.ts';

/** A context needs only the request's headers: route handlers and server components make the same one. */
export interface Context {
  db: Db;
  actor: Actor | null;
  headers: Headers;
}

const t = initTRPC.context<Context>().create({
  transformer: superjson,
  errorFormatter({ shape, error }) {
    const cause = error.cause;
    const app = cause instanceof AppError ? cause : null;
    return { ...shape, data: { ...shape.data, stack: undefined, app: app && { code: app.code, items: app.items } } };
  },
});

/** Errors of use cases get their tRPC code from the one table; anything unknown is masked and logged with an id. */
const translate = t.middleware(async ({ next, path }) => {
  const result = await next();
  if (result.ok) return result;
  const cause = result.error.cause;
  if (cause instanceof AppError)
    throw new TRPCError({ code: ERROR_CODES[cause.code].trpc, message: cause.message, cause });
  if (result.error.code !== 'INTERNAL_SERVER_ERROR') return result;
  const id = crypto.randomUUID().slice(0, 8);
  console.error(`[error ${id}] trpc ${path}`, cause ?? result.error);
  throw new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: `Something broke here. It is in the log as ${id}.` });
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;
export const publicProcedure = t.procedure.use(translate);
/** Needs a person who is signed in; `ctx.actor` is never null behind it. */
export const procedure = publicProcedure.use(({ ctx, next }) => {
  if (!ctx.actor) throw new AppError('unauthenticated', 'Sign in first.');
  return next({ ctx: { ...ctx, actor: ctx.actor } });
});
