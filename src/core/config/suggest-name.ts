import type { InputSpec, TaskSpec } from '../model/spec.ts';
import { isCheck, MODE_WORDS } from '../run/modes.ts';
import { dropoutRates, presetOf, presetsFor } from './presets.ts';
import type { RunConfig } from './run-config.ts';

/** A name that says what the run is and what holds it back: "small-cnn dropout+early-stop". */
export function suggestName(config: RunConfig, input: InputSpec, task: TaskSpec): string {
  const presets = presetsFor(input, task);
  const id = presetOf(config.model, presets);
  const base = id ? id.replace('_', '-') : `own-${config.model.layers.length}-layers`;
  const rates = dropoutRates(config.model);
  const usual = id ? dropoutRates(presets.find((p) => p.id === id)!.model) : [];
  const changed = JSON.stringify(rates) !== JSON.stringify(usual);
  const extras = [
    changed && (rates.length > 0 ? 'dropout' : 'no-dropout'),
    config.augmentation && 'augmented',
    config.l2 > 0 && 'l2',
    config.earlyStopping && 'early-stop',
  ].filter(Boolean);
  const check = isCheck(config) ? ` ${MODE_WORDS[config.mode].name.toLowerCase().replaceAll(' ', '-')}` : '';
  return `${extras.length > 0 ? `${base} ${extras.join('+')}` : base}${check}`;
}
