import { router } from './init.ts';
import { accountRouter } from './routers/account.ts';
import { comparisonsRouter } from './routers/comparisons.ts';
import { coursesRouter } from './routers/courses.ts';
import { datasetsRouter } from './routers/datasets.ts';
import { finalRouter } from './routers/final.ts';
import { invitesRouter } from './routers/invites.ts';
import { peopleRouter } from './routers/people.ts';
import { projectsRouter } from './routers/projects.ts';
import { runsRouter } from './routers/runs.ts';
import { samplesRouter } from './routers/samples.ts';
import { setupRouter } from './routers/setup.ts';
import { trainersRouter } from './routers/trainers.ts';

/** Each slice adds its own router here, one line each. */
export const appRouter = router({
  account: accountRouter,
  comparisons: comparisonsRouter,
  courses: coursesRouter,
  datasets: datasetsRouter,
  final: finalRouter,
  invites: invitesRouter,
  people: peopleRouter,
  projects: projectsRouter,
  runs: runsRouter,
  samples: samplesRouter,
  setup: setupRouter,
  trainers: trainersRouter,
});

export type AppRouter = typeof appRouter;
