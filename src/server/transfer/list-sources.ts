import { datasetSchema, inputOf, leadMetric, taskOf } from '#core/data/dataset-schema.ts';
import { importedSpecSchema } from '#core/transfer/imported.ts';
import { learntElsewhere, lineageSchema, sameData } from '#core/transfer/lineage.ts';
import type { ScoredSource } from '#core/transfer/rank-sources.ts';
import type { Db } from '#db/client.ts';
import { requireProject } from '../access.ts';
import type { Actor } from '../actor.ts';
import { readStoredConfig } from '../runs/run-view.ts';
import { ownProjects, reachableRuns } from './find-source.ts';

/** As many as a menu can show; the newest. */
const LIMIT = 200;

export interface Source extends ScoredSource {
  id: string;
  name: string;
  project: { id: string; name: string };
  team: string;
  /** of another team, through an instructor */
  shared: boolean;
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
        ...{
          id: true,
          number: true,
          name: true,
          config: true,
          bestValue: true,
          stopReason: true,
          parameters: true,
          project,
        },
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
      const more = {
        ...{ number: null, bestValue: null, metric: null, diverged: false },
        ...{ parameters, elsewhere: true },
      };
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
          metric: leadMetric(taskOf(schema)).name,
          diverged: r.stopReason === 'not_a_number',
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
