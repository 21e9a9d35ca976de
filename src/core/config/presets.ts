import { planModel } from '../model/plan.ts';
import { scaleWidth } from '../model/scale.ts';
import { type InputSpec, type ModelSpec, outputUnits, type TaskSpec } from '../model/spec.ts';
import * as build from './preset-models.ts';
import type { RunConfig } from './run-config.ts';
import { runConfigSchema } from './run-config.ts';

export const PRESET_IDS = ['linear', 'mlp', 'small_cnn', 'lenet', 'keypoints', 'resnet8', 'mobilenet'] as const;
export type PresetId = (typeof PRESET_IDS)[number];

/** How many times as wide (units, filters) and as deep (layers or blocks of each kind) as the preset itself. */
export interface Size {
  width: number;
  depth: number;
}
/** What the page offers. */
export const WIDTHS = [0.125, 0.25, 0.5, 0.75, 1, 1.5, 2, 4] as const;
export const DEPTHS = [0.5, 1, 2, 3, 4] as const;
export type SizedPreset = Size & { id: PresetId };
const PLAIN: Size = { width: 1, depth: 1 };

interface PresetKind {
  label: string;
  /** one sentence: what it is */
  about: string;
  build: build.Build;
  /** takes images alone */
  image: boolean;
}

const KINDS: Record<PresetId, PresetKind> = {
  linear: { label: 'Linear', about: 'No hidden layer.', build: build.linear, image: false },
  mlp: {
    label: 'MLP',
    about: 'Two hidden layers of 64 units, each sees every input.',
    build: build.mlp,
    image: false,
  },
  small_cnn: {
    label: 'Small CNN',
    about: 'Two convolutions of 16 and 32 filters, one hidden layer of 64 units.',
    build: build.smallCnn,
    image: true,
  },
  lenet: {
    label: 'LeNet',
    about: 'LeNet-5 of 1998: two 5 × 5 convolutions, tanh, two hidden layers of 120 and 84 units.',
    build: build.lenet,
    image: true,
  },
  keypoints: {
    label: 'Keypoints',
    about: 'Four convolutions up to 256 filters, two hidden layers of 512 units, dropout from 0.1 to 0.6.',
    build: build.keypoints,
    image: true,
  },
  resnet8: {
    label: 'ResNet-8',
    about: 'Three residual blocks of 16, 32 and 64 filters with batch norm; depth 3 makes it ResNet-20.',
    build: build.resnet8,
    image: true,
  },
  mobilenet: {
    label: 'MobileNet',
    about: 'Five depthwise separable convolutions up to 128 filters with batch norm: few weights for its depth.',
    build: build.mobilenet,
    image: true,
  },
};

export interface Preset {
  id: PresetId;
  label: string;
  about: string;
  model: ModelSpec;
}

/** The preset's layers for this input and task. Throws AppError `invalid_data` when they don't fit the input. */
export function presetModel(id: PresetId, input: InputSpec, task: TaskSpec, size: Partial<Size> = {}): ModelSpec {
  const model = presetOfSize(id, input, task, { ...PLAIN, ...size });
  planModel(model, input, task);
  return model;
}

function presetOfSize(id: PresetId, input: InputSpec, task: TaskSpec, { width, depth }: Size): ModelSpec {
  const repeat = (n: number) => Math.max(1, Math.round(n * depth));
  const model = KINDS[id].build(outputUnits(task), repeat, input);
  return width === 1 ? model : scaleWidth(model, width);
}

/** The keypoint network for `units` numbers. */
export function keypointModel(units: number): ModelSpec {
  return build.keypoints(units, (n) => n, { kind: 'image', height: 96, width: 96, channels: 1 });
}

/** The presets that fit this input and task, plainest first. */
export function presetsFor(input: InputSpec, task: TaskSpec): Preset[] {
  return PRESET_IDS.flatMap((id) => {
    const { label, about, image } = KINDS[id];
    if (image && input.kind !== 'image') return [];
    const model = presetOfSize(id, input, task, PLAIN);
    const linear = task.kind === 'classification' ? 'Logistic regression' : 'Linear regression';
    return fits(model, input, task)
      ? [{ id, label, about: id === 'linear' ? `${linear}: no hidden layer.` : about, model }]
      : [];
  });
}

/** The preset and size that the layers have, dropout aside; null once a person has changed them. O(sizes * layers). */
export function presetOf(model: ModelSpec, input: InputSpec, task: TaskSpec): SizedPreset | null {
  return sizedPresets(input, task).get(keyOf(model)) ?? null;
}

let lately: { of: string; presets: Map<string, SizedPreset> } | undefined;

/** Every preset in every size by its layers. Pages ask at each key stroke, for one data set: the last answer is kept. */
function sizedPresets(input: InputSpec, task: TaskSpec): Map<string, SizedPreset> {
  const of = JSON.stringify([input, outputUnits(task)]);
  if (lately?.of === of) return lately.presets;
  const widths = [...WIDTHS].sort(nearOne);
  const sizes = [...DEPTHS].sort(nearOne).flatMap((depth) => widths.map((width) => ({ width, depth })));
  const presets = new Map<string, SizedPreset>();
  for (const id of PRESET_IDS) {
    if (KINDS[id].image && input.kind !== 'image') continue;
    for (const size of sizes) {
      const key = keyOf(presetOfSize(id, input, task, size));
      if (!presets.has(key)) presets.set(key, { id, ...size });
    }
  }
  lately = { of, presets };
  return presets;
}

/** The sizes of the page whose layers differ from each other; one alone where a multiplier changes nothing or does not fit. */
export function sizesOf(
  id: PresetId,
  input: InputSpec,
  task: TaskSpec,
  size: Size,
): { widths: number[]; depths: number[] } {
  const distinct = (values: readonly number[], of: (value: number) => Size, now: number) => {
    const models = values.map((value) => presetOfSize(id, input, task, of(value)));
    const own = keyOf(presetOfSize(id, input, task, size));
    const keys = models.map(keyOf);
    return values.filter((value, i) => {
      if (value === now) return true;
      const nearest = values.filter((_, j) => keys[j] === keys[i]).sort(nearOne)[0];
      return keys[i] !== own && value === nearest && fits(models[i]!, input, task);
    });
  };
  return {
    widths: distinct(WIDTHS, (width) => ({ ...size, width }), size.width),
    depths: distinct(DEPTHS, (depth) => ({ ...size, depth }), size.depth),
  };
}

/** Half of one layer is one layer: of two multipliers that make the same, the one nearer to 1 counts. */
function nearOne(a: number, b: number): number {
  return Math.abs(Math.log(a)) - Math.abs(Math.log(b));
}

/** "ResNet-8", "ResNet-8, width 0.5, depth 2" */
export function presetLabel({ id, width, depth }: SizedPreset): string {
  return [KINDS[id].label, width !== 1 && `width ${width}`, depth !== 1 && `depth ${depth}`].filter(Boolean).join(', ');
}

function keyOf({ layers }: ModelSpec): string {
  return JSON.stringify(layers.filter((layer) => layer.type !== 'dropout'));
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

function fits(spec: ModelSpec, input: InputSpec, task: TaskSpec): boolean {
  try {
    planModel(spec, input, task);
    return true;
  } catch {
    return false;
  }
}
