import { dropoutRates } from '../config/presets.ts';
import type { RunConfig } from '../config/run-config.ts';
import { rateValue } from '../format/numbers.ts';

/** What holds a run back from learning its items by heart, in a word each. */
export function remedyWords(config: RunConfig): string[] {
  const rates = dropoutRates(config.model);
  const { optimizer } = config;
  return [
    rates.length === 1 ? `dropout ${rates[0]}` : rates.length > 1 ? `${rates.length} dropouts` : '',
    config.model.layers.some((l) => l.type === 'batch_norm') ? 'batch norm' : '',
    config.l2 > 0 ? `L2 ${rateValue(config.l2)}` : '',
    optimizer.kind === 'adamw' && optimizer.weightDecay > 0 ? `decay ${rateValue(optimizer.weightDecay)}` : '',
    config.earlyStopping ? 'early stop' : '',
  ].filter(Boolean);
}
