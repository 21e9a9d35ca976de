import { pageOf, type Run, runSchema, runSummarySchema } from '#core/api/schemas.ts';
import { AppError } from '#core/errors.ts';
import type { Client } from './client.ts';
import { findProject } from './find-project.ts';

/** A run by its id, or by its name or number (r-0012, 12) within a project. */
export async function findRun(client: Client, wanted: string, project: string | undefined): Promise<Run> {
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(wanted)) return client.get(`/runs/${wanted}`, runSchema);
  const { id, name } = await findProject(client, project);
  const number = /^(?:r-)?0*(\d+)$/.exec(wanted)?.[1];
  for await (const run of client.list(`/projects/${id}/runs`, pageOf(runSummarySchema), { search: wanted })) {
    if (run.name === wanted || String(run.number) === number) return client.get(`/runs/${run.id}`, runSchema);
  }
  throw new AppError('not_found', `There is no run "${wanted}" in project "${name}". "holdout run list" lists them.`);
}
