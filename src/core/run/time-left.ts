/** Less than this since the first step says nothing of the pace. */
const LEAST_SECONDS = 1;

/**
 * Seconds until the last epoch ends at the pace of the running attempt, evaluation and checkpoints included, its load and
 * the pause before it not; null in its first second. Early stopping may end the run sooner.
 */
export function secondsLeft(run: {
  step: number;
  totalSteps: number;
  /** the first step that the running attempt finished, and when; null before it */
  first: { step: number; at: Date } | null;
  now: Date;
}): number | null {
  if (!run.first) return null;
  const done = run.step - run.first.step;
  const seconds = (run.now.getTime() - run.first.at.getTime()) / 1_000;
  if (done <= 0 || seconds < LEAST_SECONDS) return null;
  return Math.max(0, run.totalSteps - run.step) * (seconds / done);
}
