import { planModel } from '../model/plan.ts';
import type { InputSpec, LayerSpec, ModelSpec, TaskSpec } from '../model/spec.ts';
import { modelSchema, outputUnits } from '../model/spec.ts';
import type { RunConfig } from './run-config.ts';
import { runConfigSchema } from './run-config.ts';

export const PRESET_IDS = ['linear', 'mlp', 'small_cnn', 'keypoints'] as const;
export type PresetId = (typeof PRESET_IDS)[number];

export interface Preset {
  id: PresetId;
  label: string;
  /** one sentence: what it is */
  about: string;
  model: ModelSpec;
}

type Draft = Parameters<typeof modelSchema.parse>[0];
const model = (layers: unknown[]): ModelSpec => modelSchema.parse({ layers } satisfies Draft);
const conv = (n: number, filters: number, kernelSize: number, more: object) => [
  { type: 'conv2d', name: `conv${n}`, filters, kernelSize, ...more },
  { type: 'max_pool2d', name: `pool${n}`, poolSize: 2 },
];
const dropout = (n: number, rate: number) => ({ type: 'dropout', name: `dropout${n}`, rate });
const dense = (n: number, units: number, activation = 'linear') => ({
  type: 'dense',
  name: `dense${n}`,
  units,
  activation,
});
const flatten = { type: 'flatten', name: 'flatten' };

/** The network that courses use for facial keypoints (after Agarwal et al. 2017, NaimishNet): four convolutions, two hidden layers, dropout growing from 0.1 to 0.6. */
export function keypointModel(units: number): ModelSpec {
  const elu = { activation: 'elu' };
  return model([
    ...conv(1, 32, 4, elu),
    dropout(1, 0.1),
    ...conv(2, 64, 3, elu),
    dropout(2, 0.2),
    ...conv(3, 128, 2, elu),
    dropout(3, 0.3),
    ...conv(4, 256, 1, elu),
    dropout(4, 0.4),
    flatten,
    dense(1, 512, 'elu'),
    dropout(5, 0.5),
    dense(2, 512, 'elu'),
    dropout(6, 0.6),
    dense(3, units),
  ]);
}

/** The presets that fit this input and task, plainest first. */
export function presetsFor(input: InputSpec, task: TaskSpec): Preset[] {
  const units = outputUnits(task);
  const image = input.kind === 'image';
  const start = image ? [flatten] : [];
  const presets: Preset[] = [
    {
      id: 'linear',
      label: 'Linear',
      about:
        task.kind === 'classification'
          ? 'Logistic regression: no hidden layer.'
          : 'Linear regression: no hidden layer.',
      model: model([...start, dense(1, units)]),
    },
    {
      id: 'mlp',
      label: 'MLP',
      about: 'Two hidden layers of 64 units, each sees every input.',
      model: model([...start, dense(1, 64, 'relu'), dense(2, 64, 'relu'), dense(3, units)]),
    },
  ];
  if (!image) return presets;
  presets.push(
    {
      id: 'small_cnn',
      label: 'Small CNN',
      about: 'Two convolutions of 16 and 32 filters, one hidden layer of 64 units.',
      model: model([
        ...conv(1, 16, 3, { activation: 'relu', padding: 'same' }),
        ...conv(2, 32, 3, { activation: 'relu', padding: 'same' }),
        flatten,
        dense(1, 64, 'relu'),
        dense(2, units),
      ]),
    },
    {
      id: 'keypoints',
      label: 'Keypoints',
      about: 'Four convolutions up to 256 filters, two hidden layers of 512 units, dropout from 0.1 to 0.6.',
      model: keypointModel(units),
    },
  );
  return presets.filter((preset) => fits(preset.model, input, task));
}

/** The preset that `config`'s layers equal, dropout aside; null once a person has changed them. */
export function presetOf(layers: ModelSpec, presets: readonly Preset[]): PresetId | null {
  const key = (m: ModelSpec) => JSON.stringify(m.layers.filter((l) => l.type !== 'dropout'));
  return presets.find((p) => key(p.model) === key(layers))?.id ?? null;
}

/**
 * Where a first run should start. Few items need small batches for enough steps an epoch, and more epochs.
 * The preset is the one that suits the kind of data: keypoints for images with targets, small CNN for images with classes, MLP for tables.
 */
export function defaultConfig(input: InputSpec, task: TaskSpec, trainItems: number): RunConfig {
  const presets = presetsFor(input, task);
  const want: PresetId = input.kind === 'vector' ? 'mlp' : task.kind === 'regression' ? 'keypoints' : 'small_cnn';
  const preset = presets.find((p) => p.id === want) ?? presets.at(-1)!;
  const few = trainItems < 1000;
  return runConfigSchema.parse({
    model: preset.model,
    optimizer: { kind: 'adam' },
    learningRate: 0.001,
    batchSize: few ? 16 : 64,
    epochs: input.kind === 'vector' ? (few ? 100 : 30) : 12,
  });
}

/** What the dropout switch shows: every dropout layer's rate, in order. */
export function dropoutRates(spec: ModelSpec): number[] {
  return spec.layers.flatMap((l) => (l.type === 'dropout' ? [l.rate] : []));
}

/** Names of the layers that one dropout may follow: all hidden ones that hold weights. */
export function dropoutPlaces(spec: ModelSpec, names: readonly string[]): string[] {
  const holds = (l: LayerSpec) => l.type === 'dense' || l.type === 'conv2d';
  const last = spec.layers.findLastIndex(holds);
  return spec.layers.flatMap((l, i) => (holds(l) && i < last ? [names[i]!] : []));
}

/** The same model with one dropout of `rate` after the layer at `after`, in place of any that it had. */
export function withDropout(spec: ModelSpec, after: LayerSpec, rate: number): ModelSpec {
  const layers = withoutDropout(spec).layers;
  const taken = new Set(layers.map((l) => l.name));
  const name = taken.has('dropout1') ? undefined : 'dropout1';
  const at = layers.indexOf(after) + 1;
  return { layers: [...layers.slice(0, at), { type: 'dropout', ...(name && { name }), rate }, ...layers.slice(at)] };
}

export function withoutDropout(spec: ModelSpec): ModelSpec {
  return { layers: spec.layers.filter((l) => l.type !== 'dropout') };
}

function fits(spec: ModelSpec, input: InputSpec, task: TaskSpec): boolean {
  try {
    planModel(spec, input, task);
    return true;
  } catch {
    return false;
  }
}
