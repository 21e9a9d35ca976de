'use client';

import { Field, Slider } from '#components/ui/index.ts';
import { carryDropout } from '#core/config/dropout.ts';
import { presetModel, type Size, type SizedPreset, sizesOf } from '#core/config/presets.ts';
import type { InputSpec, TaskSpec } from '#core/model/spec.ts';
import type { Draft } from './use-draft.ts';

/** How wide and how deep the preset is, in steps; what both do to the parameters stands below. */
export function ModelSize({
  draft,
  preset,
  input,
  task,
}: {
  draft: Draft;
  preset: SizedPreset;
  input: InputSpec;
  task: TaskSpec;
}) {
  const { widths, depths } = sizesOf(preset.id, input, task, preset);
  const set = (size: Partial<Size>) => {
    const model = presetModel(preset.id, input, task, { width: preset.width, depth: preset.depth, ...size });
    draft.patch({ model: carryDropout(draft.config.model, model) });
  };
  if (widths.length < 2 && depths.length < 2) return null;
  return (
    <div className="rowf">
      <Steps label="Width" values={widths} value={preset.width} onChange={(width) => set({ width })} />
      <Steps label="Depth" values={depths} value={preset.depth} onChange={(depth) => set({ depth })} />
    </div>
  );
}

function Steps({
  label,
  values,
  value,
  onChange,
}: {
  label: string;
  values: number[];
  value: number;
  onChange: (value: number) => void;
}) {
  if (values.length < 2) return null;
  return (
    <Field label={`${label}, × ${value}`}>
      <Slider
        min={0}
        max={values.length - 1}
        step={1}
        value={values.indexOf(value)}
        aria-valuetext={`${value} times the preset’s ${label.toLowerCase()}`}
        onValueChange={(at) => onChange(values[at]!)}
      />
    </Field>
  );
}
