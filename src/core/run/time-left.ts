/**
 * Seconds until the last epoch ends at the pace of the running attempt, evaluation and checkpoints included;
 * null before its first step. Early stopping may end the run sooner.
 */
export function secondsLeft(run: {
  step: number;
  totalSteps: number;
  attempt: { startedAt: Date; resumedStep: number | null } | null;
  now: Date;
}): number | null {
  if (!run.attempt) return null;
  const done = run.step - (run.attempt.resumedStep ?? 0);
  const seconds = (run.now.getTime() - run.attempt.startedAt.getTime()) / 1_000;
  if (done <= 0 || seconds <= 0) return null;
  return Math.max(0, run.totalSteps - run.step) * (seconds / done);
}
