import type { EarlyStoppingSpec, RunConfig } from '../config/run-config.ts';
import { leastWait } from '../run/early-stopping.ts';
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
    return leastWait(earlyStopping) < config.epochs ? { ...config, earlyStopping } : null;
  },
  whyNot(config) {
    const { epochs } = config;
    const least = leastWait(started(config));
    if (acts(config) || least < epochs) return null;
    return `Early stopping waits ${least} epochs before it may end a run, and this run has only ${epochs}, so it could never act. Copy the run with more than ${least} epochs, or with a shorter patience.`;
  },
  words: ({ earlyStopping }) => (earlyStopping ? 'early stop' : ''),
};

function acts({ earlyStopping, epochs }: RunConfig): boolean {
  return earlyStopping !== null && leastWait(earlyStopping) < epochs;
}

/** The start, or what is on with the start's patience. */
function started(config: RunConfig): EarlyStoppingSpec {
  const start = startEarlyStopping(config);
  return config.earlyStopping ? { ...config.earlyStopping, patience: start.patience } : start;
}
