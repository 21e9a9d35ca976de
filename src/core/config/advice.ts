import { count } from '../format/numbers.ts';
import { layerNames } from '../model/names.ts';
import { type InputSpec, type LayerSpec, leafLayers, type ModelSpec, type TaskSpec } from '../model/spec.ts';
import { summarise } from '../model/summary.ts';
import { earliestEnd } from '../run/early-stopping.ts';
import { warmupEpochs } from '../run/schedule.ts';
import { type ClassCount, classAdvice, objectiveAdvice } from './objective-advice.ts';
import type { RunConfig } from './run-config.ts';
import { momentumOf, USUAL_MOMENTUM, usualRate } from './usual-rate.ts';

/** What a good teacher would say before the launch. Nothing here stops a run; what can't work at all is an error of check-config.ts. */

export interface Advice {
  /** the first, strong sentence */
  title: string;
  text: string;
  /** name of the layer that it is about */
  layer?: string;
  /** what one click changes */
  remedy?: { label: string; change: Partial<RunConfig> };
}

/** Share of all weights above which one layer is worth a word. */
const HEAVY_SHARE = 0.6;
/** Weights of one layer for each training item above which it can learn items by heart (a rule of thumb; Goodfellow 2016, ch. 5.2 on capacity). */
const HEAVY_WEIGHTS_PER_ITEM = 10;
/** Fewer items than this give batch statistics too noisy to normalise by (Wu and He 2018, arXiv:1803.08494, figure 1). */
const SMALL_NORM_BATCH = 8;

/** @param classes how many items of the train part each class has */
export function adviceOn(
  config: RunConfig,
  input: InputSpec,
  task: TaskSpec,
  trainItems: number,
  noun: string,
  classes: readonly ClassCount[] = [],
): Advice[] {
  return [
    ...squashedAnswer(config, task),
    ...heavyLayer(config, input, task, trainItems, noun),
    ...batches(config, trainItems, noun),
    ...schedule(config),
    ...stages(config),
    ...optimiser(config),
    ...objectiveAdvice(config, trainItems, noun),
    ...classAdvice(config, classes, noun),
  ];
}

/** The losses take the softmax or sigmoid themselves; a second one leaves only slopes near zero (Goodfellow 2016, ch. 6.2.2). */
function squashedAnswer({ model }: RunConfig, task: TaskSpec): Advice[] {
  const last = model.layers.at(-1)!;
  if (task.kind !== 'classification' || !('activation' in last) || last.activation === 'linear') return [];
  const layers = model.layers.with(-1, { ...last, activation: 'linear' });
  return [
    {
      title: `The answer goes through ${last.activation} first.`,
      text: 'The loss takes the softmax of the last layer by itself, so what comes before should be plain numbers.',
      layer: layerNames(model).at(-1)!,
      remedy: { label: 'Take it out', change: { model: { layers } } },
    },
  ];
}

function heavyLayer(config: RunConfig, input: InputSpec, task: TaskSpec, trainItems: number, noun: string): Advice[] {
  const summary = summarise(config.model, input, config.batchSize, task);
  const heavy = summary.rows.reduce((a, b) => (b.parameters > a.parameters ? b : a));
  const each = heavy.parameters / Math.max(1, trainItems);
  if (heavy.parameters / Math.max(1, summary.parameters) < HEAVY_SHARE || each < HEAVY_WEIGHTS_PER_ITEM) return [];
  const share = Math.round((100 * heavy.parameters) / summary.parameters);
  const title = `${heavy.name} holds ${share} % of the parameters.`;
  const text = `It has ${count(heavy.parameters)} weights, ${count(each)} for each training ${noun}, and can learn them by heart.`;
  // Where things lie in the picture is lost in an average, and that is what key points ask for.
  const layers = task.kind === 'classification' ? pooledBefore(config.model, heavy.name) : undefined;
  if (!layers)
    return [{ title, text: `${text} Fewer units, or dropout after it, make that harder.`, layer: heavy.name }];
  const pooled = summarise({ layers }, input, config.batchSize, task).rows.find(({ name }) => name === heavy.name)!;
  return [
    {
      title,
      text: `${text} A global average pool in place of flatten leaves it ${count(pooled.parameters)}.`,
      layer: heavy.name,
      remedy: { label: 'Put it in', change: { model: { layers } } },
    },
  ];
}

/**
 * The layers with a global average pool in place of the flatten that `heavy` reads, where no dense layer lies between; else
 * nothing. Not of raw pixels: their average is one grey.
 */
function pooledBefore({ layers }: ModelSpec, heavy: string): LayerSpec[] | undefined {
  const names = layerNames({ layers });
  const at = names.indexOf(heavy);
  const flatten = layers.findLastIndex((l, i) => i < at && l.type === 'flatten');
  if (flatten < 0 || layers.slice(flatten + 1, at).some((l) => l.type === 'dense')) return undefined;
  const before = leafLayers({ layers: layers.slice(0, flatten) });
  if (!before.some((l) => l.type.includes('conv2d'))) return undefined;
  const { inputs } = layers[flatten]!;
  const read = layers.some((l) => l.inputs?.includes(names[flatten]!));
  const pool = {
    type: 'global_average_pool2d',
    ...(read && { name: names[flatten]! }),
    ...(inputs && { inputs }),
  } as const;
  return layers.with(flatten, pool);
}

function batches({ batchSize, model }: RunConfig, trainItems: number, noun: string): Advice[] {
  const advice: Advice[] = [];
  if (batchSize > trainItems)
    advice.push({
      title: 'One batch is larger than the train part.',
      text: `It has ${count(trainItems)} ${noun}s, so each epoch is a single step. A batch of ${Math.max(1, 2 ** Math.floor(Math.log2(trainItems / 16)))} gives at least 16.`,
    });
  if (batchSize < SMALL_NORM_BATCH && leafLayers(model).some((l) => l.type === 'batch_norm'))
    advice.push({
      title: 'Batch norm needs a larger batch.',
      text: `Below ${SMALL_NORM_BATCH} items a batch its statistics are too noisy.`,
    });
  return advice;
}

function schedule({ schedule: s, epochs, earlyStopping }: RunConfig): Advice[] {
  const advice: Advice[] = [];
  if (warmupEpochs(s) === epochs)
    advice.push({ title: 'The warm-up fills the run.', text: `The full rate is reached only at its end.` });
  if (s.kind === 'step' && s.everyEpochs + s.warmupEpochs >= epochs)
    advice.push({
      title: 'The rate never falls.',
      text: `Its first fall would come after the last of ${epochs} epochs.`,
    });
  if (earlyStopping && earliestEnd(earlyStopping) >= epochs)
    advice.push({
      title: 'Early stopping can’t act.',
      text: `It can end a run after epoch ${earliestEnd(earlyStopping)} at the earliest, and this run has only ${epochs}.`,
    });
  return advice;
}

function stages({ startFrom, earlyStopping }: RunConfig): Advice[] {
  const epoch = startFrom?.secondStage?.epoch ?? 0;
  if (!earlyStopping || epoch === 0 || earlyStopping.warmupEpochs >= epoch) return [];
  return [
    {
      title: 'Early stopping may end the run before its second stage.',
      text: `A warm-up of ${epoch} epochs lets it begin to count with that stage.`,
    },
  ];
}

/** Thirty to fifty times the usual starting rates: see usual-rate.ts. */
function optimiser({ optimizer, learningRate }: RunConfig): Advice[] {
  const usual = usualRate(optimizer);
  const limit = Number(((optimizer.kind === 'sgd' ? 50 : 30) * usual).toPrecision(2));
  if (learningRate < limit) return [];
  const momentum = momentumOf(optimizer);
  const under = momentum > USUAL_MOMENTUM ? ` under a momentum of ${momentum}` : '';
  return [
    {
      title: 'This learning rate is high.',
      text: `Runs with ${optimizer.kind === 'sgd' ? 'SGD' : 'an adaptive optimiser'}${under} often diverge from ${limit} on. ${usual} is the usual start.`,
    },
  ];
}
