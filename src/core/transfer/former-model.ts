import type { RunConfig } from '../config/run-config.ts';
import type { ModelSpec } from '../model/spec.ts';
import { hasNewHead } from './new-head.ts';

type Started = Pick<RunConfig, 'model' | 'startFrom'>;

/** The layers to come back to once nothing is taken over any more, after an edit: those from before the first source. */
export function formerModel(former: ModelSpec | null, before: Started, after: Started): ModelSpec | null {
  if (!after.startFrom) return null;
  return before.startFrom ? former : before.model;
}

/** Nothing taken over, and the former layers back in place of the source's. Layers that were chosen since then, without the new head, stay. */
export function withoutTransfer({ model }: Started, former: ModelSpec | null): Started {
  return { model: former && hasNewHead(model) ? former : model, startFrom: null };
}
