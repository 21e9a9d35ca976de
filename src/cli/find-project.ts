import { type ProjectSummary, pageOf, projectSummarySchema } from '#core/api/schemas.ts';
import { AppError } from '#core/errors.ts';
import type { Client } from './client.ts';

export const PROJECT_OPTION = ['--project <project>', 'name or id; needed where you may see several'] as const;

/** The project that --project names or identifies; without it, the only one that there is. */
export async function findProject(client: Client, wanted: string | undefined): Promise<ProjectSummary> {
  const projects = await client.all('/projects', pageOf(projectSummarySchema));
  const fit = wanted === undefined ? projects : projects.filter((each) => each.id === wanted || each.name === wanted);
  if (fit.length === 1) return fit[0]!;
  if (projects.length === 0) {
    throw new AppError('not_found', 'There are no projects yet. Make one: holdout project create <name>');
  }
  const names = (some: ProjectSummary[]) =>
    some.map((each) => `"${each.name}" (${each.team.name}, ${each.id})`).join(', ');
  if (fit.length > 1) throw new AppError('bad_request', `Say which project with --project: ${names(fit)}.`);
  throw new AppError('not_found', `There is no project "${wanted}". There are: ${names(projects)}.`);
}
