import type { RunConfig } from '../config/run-config.ts';
import type { Remedy } from './remedy.ts';

const LEAST_PATIENCE = 5;

/** A tenth of the run, five epochs at least: less than that ends runs on noise. */
export function startEarlyStopping({ epochs }: Pick<RunConfig, 'epochs'>): NonNullable<RunConfig['earlyStopping']> {
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
  apply: (config) => (config.earlyStopping === null ? { ...config, earlyStopping: startEarlyStopping(config) } : null),
  words: ({ earlyStopping }) => (earlyStopping ? 'early stop' : ''),
};
