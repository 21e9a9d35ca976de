import { divergedWords, type Side } from '#core/comparison/diverged.ts';
import { ladderWords, type Rung, rungOf } from '#core/comparison/ladder.ts';
import { type ArmRun, conclusion, type Measure, measuresOf } from '#core/comparison/measures.ts';
import { type CurveRun, sameCurvesWords } from '#core/comparison/same-curves.ts';
import { stepsPerEpoch } from '#core/config/check-config.ts';
import { dropoutRates } from '#core/config/dropout.ts';
import type { RunConfig } from '#core/config/run-config.ts';
import { datasetSchema, inputOf, leadMetric, taskOf } from '#core/data/dataset-schema.ts';
import { runId } from '#core/format/numbers.ts';
import type { InputSpec, TaskSpec } from '#core/model/spec.ts';
import { changeById, changeTitle, changeWords } from '#core/remedies/changes.ts';
import { isOver } from '#core/run/lifecycle.ts';
import { hasDiverged } from '#core/run/stop-reasons.ts';
import { watchedSeries } from '#core/run/watched.ts';
import { lineageSchema } from '#core/transfer/lineage.ts';
import { takesOverWords } from '#core/transfer/takes-over.ts';
import type { Db, Prisma } from '#db/client.ts';
import { requireComparison } from '../access.ts';
import type { Actor } from '../actor.ts';
import { type Metrics, readStoredConfig } from '../runs/run-view.ts';

const select = {
  id: true,
  kind: true,
  remedy: true,
  createdAt: true,
  createdBy: { select: { id: true, name: true } },
  base: { select: { id: true, number: true, name: true } },
  members: {
    select: {
      arm: true,
      run: {
        select: {
          id: true,
          number: true,
          name: true,
          state: true,
          epoch: true,
          bestEpoch: true,
          attempt: true,
          startedAt: true,
          parameters: true,
          stopReason: true,
          config: true,
          bestMetrics: true,
          lastMetrics: true,
          dataset: { select: { schema: true, nTrain: true, nValidation: true } },
          lineage: { select: { sources: true } },
        },
      },
    },
  },
} satisfies Prisma.ComparisonSelect;
type Row = Prisma.ComparisonGetPayload<{ select: typeof select }>;

/** Runs side by side with what the change did, as far as they have come. O(runs). */
export async function getComparison(db: Db, actor: Actor, id: string) {
  const access = await requireComparison(db, actor, id, 'read');
  const row = await db.prisma.comparison.findUniqueOrThrow({ where: { id: access.comparisonId }, select });
  return {
    ...comparisonView(row),
    project: { id: access.projectId, name: access.projectName },
    canWrite: access.canWrite,
  };
}

export { select as comparisonSelect };

export function comparisonView({ members, kind, ...row }: Row) {
  const runs = members
    .map(({ arm, run: { dataset, lineage, bestMetrics, lastMetrics, config, ...run } }) => ({
      ...run,
      arm,
      dataset,
      lineage,
      config: readStoredConfig(config),
      kept: bestMetrics as Metrics,
      end: lastMetrics as Metrics,
    }))
    .sort((a, b) => a.arm - b.arm || a.config.seed - b.config.seed);
  const dataset = runs[0]?.dataset;
  const schema = datasetSchema.safeParse(dataset?.schema).data ?? null;
  // Without a readable schema the figures are still shown, as those of classes.
  const task: TaskSpec = schema ? taskOf(schema) : { kind: 'classification', classes: 2 };
  const lead = leadMetric(task).name;
  const noun = schema && 'image' in schema ? 'image' : 'row';
  const trainItems = dataset?.nTrain ?? 1;
  const validationItems = dataset?.nValidation ?? 1;
  const arms = [...new Set(runs.map((run) => run.arm))].map((arm) => runs.filter((run) => run.arm === arm));
  const changedConfig = arms.find(([run]) => run!.arm === 1)?.[0]?.config;
  const change = row.remedy === null ? undefined : changeById(row.remedy);
  const baseConfig = arms.find(([run]) => run!.arm === 0)?.[0]?.config;
  const title =
    change && changedConfig ? changeTitle(change, changedConfig, baseConfig) : (row.remedy ?? 'Capacity ladder');
  // What a person or an error cut short is not like the rest.
  const whole = (of: (typeof runs)[number][] | undefined): (ArmRun & CurveRun)[] =>
    (of ?? [])
      .filter((run) => run.state === 'finished')
      .map(({ config, kept, end, epoch, bestEpoch }) => ({
        seed: config.seed,
        ...{ kept, end, epoch, bestEpoch },
        watched: watchedSeries(config, task),
      }));
  const ladder = kind === 'ladder';
  const arm = (n: number) => arms.find(([run]) => run!.arm === n);
  const [base, changed] = [whole(arm(0)), whole(arm(1))];
  const side = (n: number, name: string, trained: ArmRun[]): Side => ({
    name,
    trained,
    diverged: (arm(n) ?? []).filter(hasDiverged).length,
  });
  const changeName = change && changedConfig ? changeWords(change, changedConfig, baseConfig) : title;
  const diverged = divergedWords(lead, [side(0, 'As it was', base), side(1, `With ${changeName}`, changed)]);
  const same =
    diverged === null && change && changedConfig
      ? sameCurvesWords(changeWords(change, changedConfig), base, changed)
      : null;
  const measures: Measure[] = ladder
    ? []
    : measuresOf(lead, base, changed).map((measure) => (same === null ? measure : { ...measure, verdict: 'same' }));
  const words = conclusion(title, lead, measures, validationItems, noun);
  const rungs: Rung[] = ladder ? arms.map((of) => rungOf(of[0]!.arm, of[0]!.parameters, whole(of))) : [];
  return {
    ...row,
    kind: ladder ? ('ladder' as const) : ('remedy' as const),
    title,
    lead,
    noun,
    trainItems,
    validationItems,
    runs: runs.map(({ dataset: _, lineage: __, config, ...run }) => ({
      ...run,
      seed: config.seed,
      epochs: config.epochs,
      stepsPerEpoch: stepsPerEpoch(trainItems, config),
    })),
    done: runs.filter((run) => isOver(run.state)).length,
    /** stopped, failed or cancelled: not counted */
    cut: runs.filter((run) => isOver(run.state) && run.state !== 'finished' && !hasDiverged(run)).length,
    /** became not a number: a result, but one without figures */
    diverged: runs.filter(hasDiverged).length,
    measures,
    rungs,
    sentence: ladder
      ? ladderWords(rungs, 'end', trainItems, noun)
      : (same ?? (diverged === null ? words : measures.length === 0 ? diverged : `${diverged} ${words}`)),
    otherwise: ladder || !schema ? EVERYTHING_ELSE : otherwise(baseConfig, arm(1)?.[0], inputOf(schema), task),
    caution: ladder ? null : caution(baseConfig, changedConfig),
  };
}

const EVERYTHING_ELSE = 'everything else alike';

/** What else differs between the sides: transfer puts in a new head, and may bring another model with its weights. */
function otherwise(
  before: RunConfig | undefined,
  after: { config: RunConfig; lineage: { sources: unknown } | null } | undefined,
  input: InputSpec,
  task: TaskSpec,
): string {
  const [source] = lineageSchema.safeParse(after?.lineage?.sources).data ?? [];
  if (!before || before.startFrom || !after?.config.startFrom || !source) return EVERYTHING_ELSE;
  const name = source.kind === 'run' ? `${runId(source.number)} ${source.name}` : source.name;
  return `the copy ${takesOverWords(before.model, after.config, input, task, name)}`;
}

/** Train loss is measured on what training sees, so what is switched on in training only makes the gap look smaller than it is. */
function caution(before: Parameters<typeof onInTraining>[0] | undefined, after: typeof before): string | null {
  if (!before || !after) return null;
  const put = onInTraining(after).filter((name) => !onInTraining(before).includes(name));
  if (put.length === 0 && JSON.stringify(dropoutRates(before.model)) === JSON.stringify(dropoutRates(after.model)))
    return null;
  return `Train loss is measured as the network trains, with ${put.join(' and ') || 'dropout'} on, which makes the gap look smaller than it is. Judge by validation.`;
}

function onInTraining(config: ReturnType<typeof readStoredConfig>): string[] {
  const augmented = 'augmentation' in config && config.augmentation !== null;
  return [...(dropoutRates(config.model).length > 0 ? ['dropout'] : []), ...(augmented ? ['augmentation'] : [])];
}
