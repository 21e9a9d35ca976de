import { router } from './init.ts';

/** Each slice adds its own router here, one line each. */
export const appRouter = router({});

export type AppRouter = typeof appRouter;
