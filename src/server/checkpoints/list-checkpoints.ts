import { datasetSchema, inputOf, taskOf } from '#core/data/dataset-schema.ts';
import { EXPORT_FORMAT_IDS, type ExportFormat } from '#core/export-formats.ts';
import { planModel } from '#core/model/plan.ts';
import type { Db } from '#db/client.ts';
import { requireRun } from '../access.ts';
import type { Actor } from '../actor.ts';
import { whyNot } from '../exports/formats.ts';
import { type Metrics, readStoredConfig } from '../runs/run-view.ts';

/** The run's checkpoints, the best one first, and which formats can hold its model. Throws AppError not_found. */
export async function listCheckpoints(db: Db, actor: Actor, runId: string) {
  const access = await requireRun(db, actor, runId, 'read');
  const run = await db.prisma.run.findUniqueOrThrow({
    where: { id: access.runId },
    select: {
      config: true,
      dataset: { select: { schema: true } },
      checkpoints: { select: { kind: true, step: true, epoch: true, metrics: true, createdAt: true } },
    },
  });
  const schema = datasetSchema.parse(run.dataset.schema);
  const plan = planModel(readStoredConfig(run.config).model, inputOf(schema), taskOf(schema));
  return {
    checkpoints: run.checkpoints
      .sort((a, b) => a.kind.localeCompare(b.kind))
      .map(({ kind, metrics, ...rest }) => ({ id: kind as string, ...rest, metrics: metrics as Metrics })),
    formats: EXPORT_FORMAT_IDS.map((format): { format: ExportFormat; reason: string | null } => ({
      format,
      reason: whyNot(format, plan),
    })),
  };
}
