/** When a team could use a word from its instructor. Each rule names its figure, so that the sentence can be checked. */

export const RULES = {
  /** days without data */
  begin: 7,
  /** days with sealed data and no run */
  firstRun: 3,
  /** ended runs before a share of failures means anything */
  fewestEnded: 4,
  /** train minus validation accuracy, in points, in each of the last runs */
  gapPoints: 5,
  /** validation error over train error, for regressions */
  gapRatio: 1.5,
  /** finished runs that the gap is taken from */
  lastRuns: 5,
  /** days without anything, before the test part is opened */
  quiet: 10,
} as const;

export interface RecentRun {
  /** lead metric at the end of the run */
  train: number | null;
  validation: number | null;
  learningRate: number;
}

export interface TeamWork {
  /** of the project, or of the team when it has none */
  createdAt: Date;
  sealedAt: Date | null;
  hasDataset: boolean;
  opened: boolean;
  /** ended runs by how: finished and stopped count as ended well */
  ended: number;
  failed: number;
  /** failed because a loss was no longer a number */
  notANumber: number;
  /** the smallest learning rate of those */
  notANumberRate: number | null;
  waitingOrRunning: number;
  /** newest first, finished runs only, at most RULES.lastRuns */
  recent: readonly RecentRun[];
  metric: 'accuracy' | 'rmse' | null;
  lastActivity: Date;
}

/** In the order in which a team meets them. */
export const HELP_KINDS = ['not_begun', 'no_run', 'diverges', 'fails', 'overfits', 'quiet'] as const;

export interface Help {
  kind: (typeof HELP_KINDS)[number];
  /** two or three words */
  title: string;
  /** the evidence, one sentence */
  why: string;
}

const DAY = 86_400_000;

/** The first rule that applies, in the order in which a team meets them; null: on their way. */
export function needsHelp(work: TeamWork, now: Date): Help | null {
  if (work.opened) return null;
  const days = (since: Date) => Math.floor((now.getTime() - since.getTime()) / DAY);
  const runs = work.ended + work.waitingOrRunning;
  if (!work.hasDataset && days(work.createdAt) >= RULES.begin) {
    return { kind: 'not_begun', title: 'Has not begun', why: `No data set in ${days(work.createdAt)} days.` };
  }
  if (work.sealedAt && runs === 0 && days(work.sealedAt) >= RULES.firstRun) {
    return {
      kind: 'no_run',
      title: 'No run yet',
      why: `Data sealed ${days(work.sealedAt)} days ago. Perhaps stuck at the launch page.`,
    };
  }
  if (work.ended >= RULES.fewestEnded && work.failed * 2 >= work.ended) {
    if (work.notANumber * 2 >= work.failed && work.notANumberRate !== null) {
      return {
        kind: 'diverges',
        title: 'Diverges',
        why: `${work.notANumber} of ${work.ended} runs end in NaN, with learning rates from ${work.notANumberRate} up.`,
      };
    }
    return { kind: 'fails', title: 'Runs fail', why: `${work.failed} of ${work.ended} runs have failed.` };
  }
  const overfits = gapOf(work);
  if (overfits !== null) return { kind: 'overfits', title: 'Overfits', why: overfits };
  if (runs > 0 && work.waitingOrRunning === 0 && days(work.lastActivity) >= RULES.quiet) {
    return {
      kind: 'quiet',
      title: 'Quiet',
      why: `Nothing for ${days(work.lastActivity)} days, and the test part is still sealed.`,
    };
  }
  return null;
}

function gapOf({ recent, metric }: TeamWork): string | null {
  if (recent.length < RULES.lastRuns) return null;
  const pairs = recent.flatMap(({ train, validation }) =>
    train === null || validation === null ? [] : [{ train, validation }],
  );
  if (pairs.length < recent.length) return null;
  if (metric === 'accuracy') {
    const smallest = Math.min(...pairs.map(({ train, validation }) => (train - validation) * 100));
    if (smallest <= RULES.gapPoints) return null;
    return `In the last ${recent.length} runs train ended ${smallest.toFixed(1)} points or more above validation.`;
  }
  if (metric === 'rmse') {
    const smallest = Math.min(...pairs.map(({ train, validation }) => validation / train));
    if (!(smallest > RULES.gapRatio)) return null;
    return `In the last ${recent.length} runs the validation error ended at ${smallest.toFixed(1)} times the train error or more.`;
  }
  return null;
}

/** Train minus validation accuracy in points; for errors validation over train. Null where either is missing. */
export function gap(
  metric: 'accuracy' | 'rmse' | null,
  run: { train: number | null; validation: number | null },
): number | null {
  if (run.train === null || run.validation === null) return null;
  return metric === 'accuracy' ? (run.train - run.validation) * 100 : run.validation / run.train;
}
