import { leadMetric } from '../data/dataset-schema.ts';
import type { InputSpec, ModelSpec, TaskSpec } from '../model/spec.ts';
import { headed, type NamedSource, usualCut } from './new-head.ts';
import { takesOverModel } from './takes-over.ts';

export interface ScoredSource extends NamedSource {
  /** null for an uploaded model, whose score nobody here knows */
  number: number | null;
  /** its own task's metric on its own validation part */
  bestValue: number | null;
  metric: 'accuracy' | 'rmse' | null;
  /** its loss became no number */
  diverged: boolean;
}

/**
 * What fits these items, best first: sources with the run's own layers, and those that bring another model with them. In both uploads
 * before runs, runs of the same kind of task before others, better scores before worse, and what diverged last. O(sources * layers).
 */
export function rankSources<S extends ScoredSource>(
  sources: readonly S[],
  model: ModelSpec,
  input: InputSpec,
  task: TaskSpec,
): { alike: S[]; other: S[] } {
  const ranked = sources.toSorted((a, b) => compare(a, b, leadMetric(task).name));
  const [alike, other]: [S[], S[]] = [[], []];
  for (const source of ranked) {
    const cutAfter = usualCut(source, input, task);
    const after = cutAfter === null ? null : headed(source, input, task, cutAfter);
    if (after) (takesOverModel(model, after, cutAfter, input, task) ? other : alike).push(source);
  }
  return { alike, other };
}

function compare(a: ScoredSource, b: ScoredSource, metric: ScoredSource['metric']): number {
  const order = (s: ScoredSource) => [s.number !== null, s.diverged, s.metric !== metric, s.metric !== 'accuracy'];
  const [x, y] = [order(a), order(b)];
  const differs = x.findIndex((value, i) => value !== y[i]);
  if (differs >= 0) return Number(x[differs]) - Number(y[differs]);
  const worst = a.metric === 'rmse' ? Number.MAX_VALUE : -Number.MAX_VALUE;
  const score = ({ bestValue }: ScoredSource) =>
    bestValue === null || !Number.isFinite(bestValue) ? worst : bestValue;
  return (score(a) - score(b)) * (a.metric === 'rmse' ? 1 : -1);
}
