import { router } from './init.ts';
import { peopleRouter } from './routers/people.ts';
import { projectsRouter } from './routers/projects.ts';

/** Each slice adds its own router here, one line each. */
export const appRouter = router({
  people: peopleRouter,
  projects: projectsRouter,
});

export type AppRouter = typeof appRouter;
