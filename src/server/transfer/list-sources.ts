import { datasetSchema, inputOf } from '#core/data/dataset-schema.ts';
import type { SourceModel } from '#core/transfer/check-start-from.ts';
import { importedSpecSchema } from '#core/transfer/imported.ts';
import { learntElsewhere, lineageSchema, sameData } from '#core/transfer/lineage.ts';
import type { StartFrom } from '#core/transfer/start-from.ts';
import type { Db } from '#db/client.ts';
import { requireProject } from '../access.ts';
import type { Actor } from '../actor.ts';
import { readStoredConfig } from '../runs/run-view.ts';
import { ownProjects, reachableRuns } from './find-source.ts';

/** As many as a menu can show; the newest. */
const LIMIT = 200;

export interface Source extends SourceModel {
  id: string;
  source: StartFrom['source'];
  name: string;
  /** null for an uploaded model */
  number: number | null;
  project: { id: string; name: string };
  team: string;
  /** of another team, through an instructor */
  shared: boolean;
  /** task metric on validation at the best epoch */
  bestValue: number | null;
  parameters: number;
  /** it, or what it began with, learned from other data than this project's newest, or is an upload */
  elsewhere: boolean;
}

/** What runs of this project may start from: own runs that are over and kept weights, shared ones, uploaded models. */
export async function listSources(db: Db, actor: Actor, projectId: string): Promise<Source[]> {
  const access = await requireProject(db, actor, projectId, 'read');
  const project = { select: { id: true, name: true, teamId: true, team: { select: { name: true } } } } as const;
  const [runs, models, data] = await Promise.all([
    db.prisma.run.findMany({
      where: {
        ...reachableRuns(actor, access),
        state: { notIn: ['queued', 'running'] },
        checkpoints: { some: { kind: 'best' } },
      },
      orderBy: { id: 'desc' },
      take: LIMIT,
      select: {
        ...{ id: true, number: true, name: true, config: true, bestValue: true, parameters: true, project },
        dataset: { select: { schema: true, contentDigest: true, splitDigest: true } },
        lineage: { select: { sources: true } },
      },
    }),
    db.prisma.importedModel.findMany({
      where: { project: ownProjects(actor, access.teamId) },
      orderBy: { id: 'desc' },
      take: LIMIT,
      select: { id: true, name: true, spec: true, parameters: true, project },
    }),
    db.prisma.dataset.findFirst({
      where: { projectId: access.projectId, state: 'sealed' },
      orderBy: { id: 'desc' },
      select: { contentDigest: true, splitDigest: true },
    }),
  ]);
  const owner = (of: (typeof runs)[number]['project']) => ({
    project: { id: of.id, name: of.name },
    team: of.team.name,
    shared: of.teamId !== access.teamId,
  });
  return [
    ...models.map((m): Source => {
      const { id, name, parameters } = m;
      const more = { number: null, bestValue: null, parameters, elsewhere: true };
      return { ...importedSpecSchema.parse(m.spec), id, source: { model: id }, name, ...more, ...owner(m.project) };
    }),
    ...runs.flatMap((r): Source[] => {
      const schema = datasetSchema.safeParse(r.dataset.schema).data;
      if (!schema) return [];
      const { id, number, name, bestValue, parameters } = r;
      const { model } = readStoredConfig(r.config);
      return [
        {
          id,
          source: { run: id },
          number,
          name,
          bestValue,
          parameters,
          model,
          input: inputOf(schema),
          elsewhere:
            !data ||
            !sameData(r.dataset, data) ||
            learntElsewhere(lineageSchema.parse(r.lineage?.sources ?? []), data).length > 0,
          ...owner(r.project),
        },
      ];
    }),
  ];
}
