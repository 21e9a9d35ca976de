import { type InputSpec, leafLayers, type ModelSpec, type TaskSpec } from '../model/spec.ts';
import { isCheck, MODE_WORDS } from '../run/modes.ts';
import { dropoutRates } from './dropout.ts';
import { presetModel, presetOf, type SizedPreset } from './presets.ts';
import type { RunConfig } from './run-config.ts';

/** A name that says what the run is and what holds it back: "small-cnn dropout+early-stop". */
export function suggestName(config: RunConfig, input: InputSpec, task: TaskSpec): string {
  const preset = presetOf(config.model, input, task);
  const base = preset ? sized(preset) : counted(config.model);
  const rates = dropoutRates(config.model);
  const usual = preset ? dropoutRates(presetModel(preset.id, input, task, preset)) : [];
  const changed = JSON.stringify(rates) !== JSON.stringify(usual);
  const extras = [
    changed && (rates.length > 0 ? 'dropout' : 'no-dropout'),
    config.startFrom && 'transferred',
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

/** "2conv-3dense" of a network of one's own. */
function counted({ layers }: ModelSpec): string {
  const leaves = leafLayers({ layers });
  const number = (kind: string) => leaves.filter(({ type }) => type.includes(kind)).length;
  const parts = [
    ['conv2d', 'conv'],
    ['dense', 'dense'],
  ].flatMap(([kind, word]) => (number(kind!) > 0 ? [`${number(kind!)}${word}`] : []));
  return parts.join('-') || 'own';
}

/** "resnet8", "resnet8 x0.5 deep2" */
function sized({ id, width, depth }: SizedPreset): string {
  return [id.replace('_', '-'), width !== 1 && `x${width}`, depth !== 1 && `deep${depth}`].filter(Boolean).join(' ');
}
