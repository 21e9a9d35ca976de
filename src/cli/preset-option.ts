import type { Command } from 'commander';
import { PRESET_IDS, type PresetId, presetModel, presetsFor } from '#core/config/presets.ts';
import { AppError } from '#core/errors.ts';
import type { InputSpec, ModelSpec, TaskSpec } from '#core/model/spec.ts';

export interface PresetOptions {
  preset?: string;
  width?: string;
  depth?: string;
}

export function addPresetOptions(command: Command): Command {
  return command
    .option('--preset <preset>', `take the model from a preset: ${PRESET_IDS.join(', ')}`)
    .option('--width <n>', 'so many times the units and filters of the preset, such as 0.5')
    .option('--depth <n>', 'so many times the layers of each kind, such as 2');
}

/** Throws AppError `bad_request` that lists the presets that fit, or names the option that is wrong. */
export function modelOfPreset(options: PresetOptions, input: InputSpec, task: TaskSpec): ModelSpec {
  const id = PRESET_IDS.find((each) => each === options.preset);
  if (!id)
    throw new AppError('bad_request', `There is no preset "${options.preset}". There are: ${PRESET_IDS.join(', ')}.`);
  const size = { width: multiplier('width', options.width), depth: multiplier('depth', options.depth) };
  const presets = presetsFor(input, task);
  if (presets.some((preset) => preset.id === id)) return presetModel(id as PresetId, input, task, size);
  const names = presets.map((preset) => preset.id).join(', ');
  throw new AppError('bad_request', `The preset "${id}" does not fit this input. These do: ${names}.`);
}

/** What a hint names: a preset to begin with that fits this input. */
export function usualPreset(input: InputSpec, task: TaskSpec): string {
  const fitting = presetsFor(input, task).map((preset) => preset.id);
  return (['small_cnn', 'mlp'] as const).find((id) => fitting.includes(id)) ?? 'linear';
}

function multiplier(name: 'width' | 'depth', text: string | undefined): number {
  if (text === undefined) return 1;
  const value = Number(text);
  if (value > 0 && value <= 64) return value;
  throw new AppError('bad_request', `--${name} ${text} must be a number above 0, up to 64; 1 is the preset itself.`);
}
