import type { EarlyStoppingSpec, RunConfig } from '../config/run-config.ts';
import { earliestEnd } from '../run/early-stopping.ts';
import type { Remedy } from './remedy.ts';

const LEAST_PATIENCE = 5;

/** A tenth of the run, five epochs at least: less than that ends runs on noise. */
export function startEarlyStopping({ epochs }: Pick<RunConfig, 'epochs'>): EarlyStoppingSpec {
  const patience = Math.max(LEAST_PATIENCE, Math.round((epochs || 0) / 10));
  return { metric: 'loss', direction: 'min', patience, minDelta: 0, warmupEpochs: 0 };
}

export const earlyStopping: Remedy = {
  id: 'early_stopping',
  name: 'Early stopping',
  sentences: [
    'Ends the run when validation stops getting better, and keeps the best weights.',
    'It looks at validation often, so trust the last digit less.',
  ],
  source: {
    label: 'Prechelt 1998',
    title: 'Prechelt: Early Stopping - But When? In: Neural Networks: Tricks of the Trade. LNCS 1524, Springer, 1998',
    url: 'https://doi.org/10.1007/3-540-49430-8_3',
  },
  /** Where it is on but could never act, its patience is shortened. A run too short for either has none: its copy would be the run itself. */
  apply(config) {
    if (acts(config)) return null;
    const earlyStopping = started(config);
    return earliestEnd(earlyStopping) < config.epochs ? { ...config, earlyStopping } : null;
  },
  whyNot(config) {
    const { epochs, earlyStopping } = config;
    if (acts(config) || earliestEnd(started(config)) < epochs) return null;
    const spec = earlyStopping ?? startEarlyStopping(config);
    const end = earliestEnd(spec);
    const subject = earlyStopping ? 'Early stopping as this run has it' : 'Early stopping';
    const ways = [`with more than ${end} epochs`, ...shorterWays(spec, epochs)];
    return `${subject} can end a run after epoch ${end} at the earliest, and this run has only ${epochs}, so it could never act. Copy the run ${ways.join(', or ')}.`;
  },
  words: ({ earlyStopping }) => (earlyStopping ? 'early stop' : ''),
};

function acts({ earlyStopping, epochs }: RunConfig): boolean {
  return earlyStopping !== null && earliestEnd(earlyStopping) < epochs;
}

/** The start, or what is on with the start's patience. */
function started(config: RunConfig): EarlyStoppingSpec {
  const start = startEarlyStopping(config);
  return config.earlyStopping ? { ...config.earlyStopping, patience: start.patience } : start;
}

/** What would let it act in so many epochs. */
function shorterWays({ patience, warmupEpochs }: EarlyStoppingSpec, epochs: number): string[] {
  const room = epochs - 1 - earliestEnd({ patience: 0, warmupEpochs: 0 });
  const [mostPatience, mostWarmup] = [room - warmupEpochs, room - patience];
  const ways: string[] = [];
  if (mostPatience > 0) ways.push(`with a patience of ${mostPatience === 1 ? '1' : `at most ${mostPatience}`}`);
  if (warmupEpochs > 0 && mostWarmup >= 0)
    ways.push(mostWarmup === 0 ? 'without its warm-up' : `with a warm-up of at most ${mostWarmup}`);
  return ways.length === 0 && room > 0 ? ['with a shorter warm-up and patience'] : ways;
}
