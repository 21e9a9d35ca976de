import { dropoutRates, withDropoutRates, withoutDropout } from '../config/dropout.ts';
import type { RunConfig } from '../config/run-config.ts';
import { momentumOf, USUAL_MOMENTUM, usualRate } from '../config/usual-rate.ts';
import { rateValue } from '../format/numbers.ts';
import { scaleWidth } from '../model/scale.ts';
import { warmupEpochs } from '../run/schedule.ts';
import type { RemedyContext } from './remedy.ts';

/** Changes that a diagnosis may ask for which are no remedy against overfitting: one click each, as the remedies are. */

export const ADJUSTMENT_IDS = [
  'rate_tenth',
  'rate_third',
  'rate_tenfold',
  'usual_rate',
  'lower_momentum',
  'warm_up',
  'cosine',
  'larger_batch',
  'larger_model',
  'less_dropout',
] as const;
export type AdjustmentId = (typeof ADJUSTMENT_IDS)[number];

export interface Adjustment {
  id: AdjustmentId;
  name: string;
  /** null where there is nothing that it could change */
  apply(config: RunConfig, context: RemedyContext): RunConfig | null;
  /** Why `apply` gives null; null where there is no more to say than that it would change nothing. */
  whyNot?(config: RunConfig): string | null;
  /** what the changed configuration has: "learning rate 0.0001" */
  words(config: RunConfig): string;
}

const MOST_RATE = 10;
const LARGEST_BATCH = 4096;

const rate = (id: AdjustmentId, name: string, factor: number): Adjustment => ({
  id,
  name,
  apply(config) {
    const learningRate = Number((config.learningRate * factor).toPrecision(2));
    return learningRate > MOST_RATE ? null : withRate(config, learningRate);
  },
  words: rateWords,
});

function rateWords({ learningRate }: RunConfig): string {
  return `learning rate ${rateValue(learningRate)}`;
}

/** A schedule does not end above where it begins. */
function withRate(config: RunConfig, learningRate: number): RunConfig {
  const { schedule } = config;
  const over = schedule.kind === 'cosine' && schedule.finalRate > learningRate;
  return { ...config, learningRate, schedule: over ? { ...schedule, finalRate: 0 } : schedule };
}

export const ADJUSTMENTS: readonly Adjustment[] = [
  rate('rate_tenth', 'A tenth of the learning rate', 0.1),
  rate('rate_third', 'A third of the learning rate', 1 / 3),
  rate('rate_tenfold', 'Ten times the learning rate', 10),
  {
    id: 'usual_rate',
    name: 'The usual learning rate',
    apply(config) {
      const usual = usualRate(config.optimizer);
      return config.learningRate > usual ? withRate(config, usual) : null;
    },
    words: rateWords,
  },
  {
    id: 'lower_momentum',
    name: 'Less momentum',
    apply(config) {
      const { optimizer } = config;
      if (!('momentum' in optimizer) || optimizer.momentum <= USUAL_MOMENTUM) return null;
      return { ...config, optimizer: { ...optimizer, momentum: USUAL_MOMENTUM } };
    },
    words: ({ optimizer }) => `momentum ${momentumOf(optimizer)}`,
  },
  {
    id: 'warm_up',
    name: 'A warm-up',
    /** A tenth of the run, one epoch at least. */
    apply(config) {
      const epochs = Math.max(1, Math.round(config.epochs / 10));
      // One cycle rises by itself.
      if (config.schedule.kind === 'one_cycle' || config.schedule.warmupEpochs >= epochs || epochs >= config.epochs)
        return null;
      return { ...config, schedule: { ...config.schedule, warmupEpochs: epochs } };
    },
    words: ({ schedule }) => `warm-up ${warmupEpochs(schedule)}`,
  },
  {
    id: 'cosine',
    name: 'A cosine schedule',
    apply(config) {
      const { schedule } = config;
      if (schedule.kind === 'cosine') return null;
      return { ...config, schedule: { kind: 'cosine', finalRate: 0, warmupEpochs: warmupEpochs(schedule) } };
    },
    words: () => 'cosine',
  },
  {
    id: 'larger_batch',
    name: 'A larger batch',
    apply(config, { trainItems }) {
      const batchSize = 2 * config.batchSize;
      return batchSize > Math.min(trainItems, LARGEST_BATCH) ? null : { ...config, batchSize };
    },
    words: ({ batchSize }) => `batch ${batchSize}`,
  },
  {
    id: 'larger_model',
    name: 'A larger model',
    apply(config) {
      if (config.startFrom) return null;
      const model = scaleWidth(config.model, 2);
      return JSON.stringify(model) === JSON.stringify(config.model) ? null : { ...config, model };
    },
    whyNot: ({ startFrom }) => (startFrom ? 'Layers that are taken over come as wide as they are.' : null),
    words: () => 'twice as wide',
  },
  {
    id: 'less_dropout',
    name: 'Less dropout',
    /** Half of each rate; nothing is left of one below a twentieth. */
    apply(config) {
      const halved = withDropoutRates(config.model, (rate) => Math.round(50 * rate) / 100);
      const least = dropoutRates(halved).every((rate) => rate < 0.05);
      const model = least ? withoutDropout(config.model) : halved;
      return JSON.stringify(model) === JSON.stringify(config.model) ? null : { ...config, model };
    },
    words: () => 'less dropout',
  },
];
