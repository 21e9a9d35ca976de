import { AppError } from '#core/errors.ts';
import type { Db } from '#db/client.ts';
import type { EventFilter } from '#db/events/events.ts';
import { requireProject, requireRun } from '../access.ts';
import type { Actor } from '../actor.ts';

/** What one page may hear: everything of a project, or one run. Throws AppError not_found as for the object itself. */
export async function liveFilter(db: Db, actor: Actor, query: URLSearchParams): Promise<EventFilter> {
  const project = query.get('project');
  const run = query.get('run');
  if (project !== null) return { projectId: (await requireProject(db, actor, project, 'read')).projectId };
  if (run !== null) return { topics: ['run'], id: (await requireRun(db, actor, run, 'read')).runId };
  throw new AppError('bad_request', 'Say what to listen to: ?project=ID or ?run=ID.');
}
