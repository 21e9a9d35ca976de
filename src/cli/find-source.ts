import type { z } from 'zod';
import { pageOf, type Run, sourceSchema } from '#core/api/schemas.ts';
import { AppError } from '#core/errors.ts';
import { runId } from '#core/format/numbers.ts';
import { otherSources } from '#core/remedies/transfer.ts';
import type { StartFrom } from '#core/transfer/start-from.ts';
import type { Client } from './client.ts';

type Source = z.infer<typeof sourceSchema>;

/** What a copy of the run may start from: a run or an uploaded model by its id, name or number; of the same number other projects' come first. */
export async function findSource(client: Client, wanted: string, { projectId }: Run): Promise<StartFrom['source']> {
  const all = await client.all(`/projects/${projectId}/sources`, pageOf(sourceSchema));
  const number = Number(/^(?:r-)?0*(\d+)$/.exec(wanted)?.[1]);
  const named = all.filter((each) => each.id === wanted || each.name === wanted || each.number === number);
  const others = otherSources(named, projectId);
  const fit = others.length > 0 ? others : named;
  if (fit.length === 1) return fit[0]!.source;
  if (fit.length > 1) throw new AppError('bad_request', `Say which with its id: ${fit.map(words).join(', ')}.`);
  throw new AppError(
    'not_found',
    `There is nothing "${wanted}" to start from. "holdout run sources" lists what there is.`,
  );
}

function words({ id, name, number, project }: Source): string {
  return `${number === null ? 'model' : runId(number)} "${name}" (${project.name}, ${id})`;
}
