import type { RunConfig } from '../config/run-config.ts';
import { AppError } from '../errors.ts';
import { type LayerPlan, planModel } from '../model/plan.ts';
import type { InputSpec, ModelSpec, TaskSpec } from '../model/spec.ts';
import { unfitLayers, weightsTaken } from './check-start-from.ts';
import { usualCut } from './new-head.ts';

/**
 * Whether a copy that starts from other weights has another model too: layers with weights below its new head that the run lacks,
 * or not all that the run has there. Then what the comparison shows is not of the weights alone. O(layers).
 */
export function takesOverModel(
  before: ModelSpec,
  after: ModelSpec,
  cutAfter: string | null,
  input: InputSpec,
  task: TaskSpec,
): boolean {
  const own = planned(before, input, task);
  if (!own) return true;
  const theirs = planModel(after, input, task);
  if (unfitLayers(own, theirs, cutAfter).length > 0) return true;
  const taken = new Set(weightsTaken(theirs, cutAfter).map((layer) => layer.name));
  // A source that is the beginning of a deeper run fits it, and takes the rest away.
  const ownCut = usualCut({ model: before, input }, input, task);
  return ownCut === null || weightsTaken(own, ownCut).some((layer) => !taken.has(layer.name));
}

/** null for layers that don't fit together, as those of a form that is being edited may. */
function planned(model: ModelSpec, input: InputSpec, task: TaskSpec): LayerPlan[] | null {
  try {
    return planModel(model, input, task);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** What a copy that starts from other weights has beside them, after "the copy". @param source "r-0026 mobile" */
export function takesOverWords(
  before: ModelSpec,
  { model, startFrom }: Pick<RunConfig, 'model' | 'startFrom'>,
  input: InputSpec,
  task: TaskSpec,
  source: string,
): string {
  const cut = startFrom?.cutAfter ?? null;
  const [upTo, head] = cut === null ? ['', ''] : [` up to ${cut}`, ', with a new head'];
  return takesOverModel(before, model, cut, input, task)
    ? `takes over the model of ${source}${upTo}${head}, in place of the run’s own layers`
    : `keeps the run’s layers${upTo}, with the weights of ${source}${head && ', under a new head'}`;
}
