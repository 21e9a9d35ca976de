import type { InputSpec, TaskSpec } from '../model/spec.ts';
import { isCheck, MODE_WORDS } from '../run/modes.ts';
import { dropoutRates } from './dropout.ts';
import { presetModel, presetOf, type SizedPreset } from './presets.ts';
import type { RunConfig } from './run-config.ts';

/** A name that says what the run is and what holds it back: "small-cnn dropout+early-stop". */
export function suggestName(config: RunConfig, input: InputSpec, task: TaskSpec): string {
  const preset = presetOf(config.model, input, task);
  const base = preset ? sized(preset) : `own-${config.model.layers.length}-layers`;
  const rates = dropoutRates(config.model);
  const usual = preset ? dropoutRates(presetModel(preset.id, input, task, preset)) : [];
  const changed = JSON.stringify(rates) !== JSON.stringify(usual);
  const extras = [
    changed && (rates.length > 0 ? 'dropout' : 'no-dropout'),
    config.augmentation && 'augmented',
    config.l1 > 0 && 'l1',
    config.l2 > 0 && 'l2',
    config.ema && 'averaged',
    (config.classWeights === 'balanced' || config.sampling === 'balanced') && 'balanced',
    config.earlyStopping && 'early-stop',
  ].filter(Boolean);
  const check = isCheck(config) ? ` ${MODE_WORDS[config.mode].name.toLowerCase().replaceAll(' ', '-')}` : '';
  return `${extras.length > 0 ? `${base} ${extras.join('+')}` : base}${check}`;
}

/** "resnet8", "resnet8 x0.5 deep2" */
function sized({ id, width, depth }: SizedPreset): string {
  return [id.replace('_', '-'), width !== 1 && `x${width}`, depth !== 1 && `deep${depth}`].filter(Boolean).join(' ');
}
