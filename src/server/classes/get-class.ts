import { gap, type Help, needsHelp, type RecentRun } from '#core/class/needs-help.ts';
import { lastBatchShare, stepsPerEpoch } from '#core/config/check-config.ts';
import { activityWords } from '#core/format/activity-words.ts';
import { byEpoch } from '#core/run/by-epoch.ts';
import { caveats } from '#core/seal/caveats.ts';
import { certificateSchema } from '#core/seal/certificate.ts';
import type { Db } from '#db/client.ts';
import type { DatasetState, OpeningState } from '#db/generated/enums.ts';
import { readSeries } from '#db/series/series.ts';
import { CLASS_ROWS } from '#db/sql/class.ts';
import { requireCourse } from '../access.ts';
import type { Actor } from '../actor.ts';
import type { Lock } from '../projects/lock.ts';
import { readStoredConfig } from '../runs/run-view.ts';

/** One point an epoch: `epochs` counted from 1. */
export interface EpochCurve {
  epochs: number[];
  values: number[];
}

export interface ClassRow {
  teamId: string;
  team: string;
  members: string[];
  /** null: the team has no project */
  projectId: string | null;
  project: string | null;
  /** only projects that hold an opening or a commitment stay here once they are archived */
  archived: boolean;
  dataset: { name: string; state: DatasetState; sealedAt: Date | null } | null;
  lock: Lock;
  /** when the lock became what it is */
  lockedAt: Date | null;
  metric: 'accuracy' | 'rmse' | null;
  /** "10 classes", "pixels" or the target's name; null where targets differ in theirs */
  unit: string | null;
  /** Equal where values can be compared: the same kind of data, size of image, and classes or targets. */
  scale: string | null;
  runs: { queued: number; running: number; finished: number; stopped: number; failed: number };
  hours: number;
  best: {
    id: string;
    number: number;
    name: string;
    value: number;
    epoch: number | null;
    train: EpochCurve;
    validation: EpochCurve;
  } | null;
  /** accuracy: train minus validation in points; rmse: validation over train; at the best run's best epoch */
  gap: number | null;
  activity: { at: Date; words: string } | null;
  help: Help | null;
  /** as the certificate has it: often not the best run */
  opened: {
    run: { id: string; number: number };
    validation: number;
    /** null where the model answered with a number that is not finite */
    test: number | null;
    interval: { low: number; high: number } | null;
  } | null;
  /** what to know beside the test score */
  caveats: string[];
}

interface Stored {
  teamId: string;
  team: string;
  teamCreatedAt: Date;
  projectId: string | null;
  project: string | null;
  projectCreatedAt: Date | null;
  archived: boolean;
  dataset: string | null;
  datasetState: DatasetState | null;
  sealedAt: Date | null;
  metric: 'accuracy' | 'rmse' | null;
  unit: string | null;
  scale: string | null;
  queued: number;
  running: number;
  finished: number;
  stopped: number;
  failed: number;
  notANumber: number;
  notANumberRate: number | null;
  hours: number;
  bestId: string | null;
  bestNumber: number;
  bestName: string;
  bestValue: number;
  bestEpoch: number | null;
  bestMetrics: Record<string, number | null> | null;
  recent: RecentRun[];
  activityAt: Date | null;
  activityKind: string | null;
  openingState: OpeningState | null;
  openedAt: Date | null;
  committedAt: Date | null;
  certificate: unknown;
}

/** Every team of the course with its projects, for instructors and assistants. One statement, and one a best run for its curve. */
export async function getClass(db: Db, actor: Actor, courseId: string, now = new Date()): Promise<ClassRow[]> {
  const access = await requireCourse(db, actor, courseId, 'staff');
  const [{ rows }, members] = await Promise.all([
    db.pool.query<Stored>(CLASS_ROWS, [access.courseId]),
    db.prisma.courseMember.findMany({
      where: { courseId: access.courseId, teamId: { not: null } },
      orderBy: { user: { name: 'asc' } },
      select: { teamId: true, user: { select: { name: true } } },
    }),
  ]);
  return Promise.all(
    rows.map(async (row): Promise<ClassRow> => {
      const curves = row.bestId && row.metric ? await bestCurves(db, row.bestId, row.metric) : null;
      const atBest = (part: string) => (row.metric ? (row.bestMetrics?.[`${row.metric}/${part}`] ?? null) : null);
      const { queued, running, finished, stopped, failed } = row;
      const { document } = certificateSchema.safeParse(row.certificate).data ?? {};
      const lock: Lock = row.openingState ?? (row.sealedAt ? 'sealed' : 'none');
      return {
        teamId: row.teamId,
        team: row.team,
        members: members.filter((member) => member.teamId === row.teamId).map((member) => member.user.name),
        projectId: row.projectId,
        project: row.project,
        archived: row.archived,
        dataset: row.dataset === null ? null : { name: row.dataset, state: row.datasetState!, sealedAt: row.sealedAt },
        lock,
        lockedAt: row.openedAt ?? row.committedAt ?? row.sealedAt,
        metric: row.metric,
        unit: row.unit,
        scale: row.metric && row.scale,
        runs: { queued, running, finished, stopped, failed },
        hours: row.hours,
        best: curves && {
          id: row.bestId!,
          number: row.bestNumber,
          name: row.bestName,
          value: row.bestValue,
          epoch: row.bestEpoch,
          ...curves,
        },
        gap: gap(row.metric, { train: atBest('train'), validation: atBest('validation') }),
        activity:
          row.activityAt && row.activityKind
            ? { at: row.activityAt, words: activityWords(row.activityKind, {}).short }
            : null,
        help: row.archived
          ? null
          : needsHelp(
              {
                createdAt: row.projectCreatedAt ?? row.teamCreatedAt,
                sealedAt: row.sealedAt,
                hasDataset: row.dataset !== null,
                opened: row.openingState === 'opened',
                ended: finished + stopped + failed,
                failed,
                notANumber: row.notANumber,
                notANumberRate: row.notANumberRate,
                waitingOrRunning: queued + running,
                recent: row.recent,
                metric: row.metric,
                lastActivity: row.activityAt ?? row.projectCreatedAt ?? row.teamCreatedAt,
              },
              now,
            ),
        opened: document
          ? {
              run: { id: document.run.id, number: document.run.number },
              validation: document.validation.value,
              test: document.result.value,
              interval: document.result.interval,
            }
          : null,
        caveats: document ? caveats(document) : [],
      };
    }),
  );
}

/** The lead metric of train and validation, one point an epoch. */
export async function bestCurves(
  db: Db,
  runId: string,
  metric: string,
): Promise<{ train: EpochCurve; validation: EpochCurve }> {
  const [run, series] = await Promise.all([
    db.prisma.run.findUniqueOrThrow({
      where: { id: runId },
      select: { config: true, step: true, dataset: { select: { nTrain: true } } },
    }),
    readSeries(db.pool, runId, [`${metric}/train`, `${metric}/validation`]),
  ]);
  const batching = readStoredConfig(run.config);
  const items = run.dataset.nTrain ?? 1;
  const perEpoch = stepsPerEpoch(items, batching);
  const [train, validation] = series.map((one) => {
    const { steps, values } = byEpoch(one, perEpoch, run.step, lastBatchShare(items, batching));
    return { epochs: steps.map((step) => Math.round(step / perEpoch)), values };
  });
  return { train: train!, validation: validation! };
}
