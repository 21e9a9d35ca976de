import { dropoutRates, withDropoutRates } from '../config/dropout.ts';
import { presetModel, presetOf } from '../config/presets.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { ModelSpec } from '../model/spec.ts';
import { batchNorm } from './batch-norm.ts';
import { dropout } from './dropout.ts';
import type { RemedyContext } from './remedy.ts';

/** The remedies that are layers. Dropout first: its place is after the hidden layer, and so after its norm. */
const IN_LAYERS = [dropout, batchNorm];

/**
 * The configuration with other layers, and what was put into the old ones as a remedy put into these too, where they lack it and
 * can take it. What belongs to the old layers' own preset stays behind with it.
 */
export function carryRemedies(config: RunConfig, model: ModelSpec, context: RemedyContext): RunConfig {
  const preset = presetOf(config.model, context.input, context.task);
  const own = preset && { ...config, model: presetModel(preset.id, context.input, context.task, preset) };
  let next: RunConfig = { ...config, model };
  for (const remedy of IN_LAYERS) {
    const added = remedy.words(config) !== '' && (!own || remedy.words(own) === '');
    if (!added || remedy.words(next) !== '') continue;
    next = remedy.apply(next, context) ?? next;
    const rate = dropoutRates(config.model).at(-1);
    if (remedy === dropout && rate !== undefined) next = { ...next, model: withDropoutRates(next.model, () => rate) };
  }
  return next;
}
