'use client';

import { useState } from 'react';
import { Segmented } from '#components/ui/index.ts';
import { layersText } from '#core/config/config-text.ts';
import { type Preset, type PresetId, presetOf, type SizedPreset } from '#core/config/presets.ts';
import { type ConfigPlace, readConfigText } from '#core/config/read-config.ts';
import { inputOf, taskOf } from '#core/data/dataset-schema.ts';
import { count } from '#core/format/numbers.ts';
import { LAYER_TYPES } from '#core/model/spec.ts';
import { carryRemedies } from '#core/remedies/carry.ts';
import { JsonEditor } from './json-editor.tsx';
import { ModelSize } from './model-size.tsx';
import type { Draft } from './use-draft.ts';

export function ModelSection({
  draft,
  presets,
  place,
  parameters,
  noun,
  onBroken,
}: {
  draft: Draft;
  presets: readonly Preset[];
  place: ConfigPlace;
  /** null while the layers don't fit together */
  parameters: number | null;
  noun: string;
  /** the typed layers have a mistake, so what is drawn and would be launched are not they */
  onBroken: (broken: boolean) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const { config, patch } = draft;
  const input = inputOf(place.schema);
  const task = taskOf(place.schema);
  const chosen = presetOf(config.model, input, task);
  const around = { prefix: '/model/layers', wrap: (layers: unknown) => ({ ...config, model: { layers } }) };
  const read = typed === null ? null : readConfigText(typed, place, around);
  const options: { value: PresetId | 'own'; label: string }[] = presets.map((p) => ({ value: p.id, label: p.label }));
  if (!chosen) options.push({ value: 'own', label: 'Own layers' });

  function close() {
    setTyped(null);
    onBroken(false);
  }

  function edit(text: string) {
    setTyped(text);
    const now = readConfigText(text, place, around);
    onBroken(!now.ok);
    if (now.ok) patch({ model: now.config.model });
  }

  return (
    <section className="fs">
      <h2>Model</h2>
      <div>
        <div className="presets">
          <Segmented
            label="Preset"
            tall
            options={options}
            value={chosen?.id ?? 'own'}
            onChange={(id) => {
              const preset = presets.find((p) => p.id === id);
              if (!preset) return;
              close();
              const context = { input, task, trainItems: place.trainItems };
              patch({ model: carryRemedies(config, preset.model, context).model });
            }}
          />
        </div>
        <p className="small two mt-2">
          {presets.find((p) => p.id === chosen?.id)?.about ?? `${config.model.layers.length} layers of your own.`}
          {chosen && sizeWords(chosen)}
        </p>
        {chosen && <ModelSize draft={draft} preset={chosen} input={input} task={task} />}
        <p className="small mt-2">
          {parameters !== null && (
            <>
              <b>{count(parameters)} parameters</b>{' '}
              <span className="two">
                for {count(place.trainItems)} training {noun}s: {perItem(parameters / place.trainItems)} for each.
              </span>{' '}
            </>
          )}
          <button
            type="button"
            className="link small"
            aria-expanded={typed !== null}
            onClick={() => (typed === null ? setTyped(layersText(config.model)) : close())}
          >
            {typed === null ? 'Edit the layers' : 'Close the layers'}
          </button>
        </p>
        {typed !== null && (
          <div className="mt-3">
            <JsonEditor
              label="Layers as JSON"
              text={typed}
              onChange={edit}
              problems={read && !read.ok ? read.problems : []}
              okay="These layers fit the data and the task."
            />
            <p className="tiny three mt-1">
              Types: {LAYER_TYPES.join(', ')}. A layer reads the one before, or those that it names in
              &ldquo;inputs&rdquo;; &ldquo;input&rdquo; is the item itself.
            </p>
          </div>
        )}
      </div>
    </section>
  );
}

function perItem(ratio: number): string {
  return ratio >= 10 ? count(ratio) : ratio.toFixed(1);
}

/** What the preset's own words do not say. */
function sizeWords({ width, depth }: SizedPreset): string {
  const sizes = [width !== 1 && `${width} times as wide`, depth !== 1 && `${depth} times as deep`].filter(Boolean);
  return sizes.length > 0 ? ` Here ${sizes.join(' and ')}.` : '';
}
