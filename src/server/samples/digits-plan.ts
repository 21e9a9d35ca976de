import { runConfigSchema } from '#core/config/run-config.ts';
import type { LaunchPlan } from '../datasets/launch-after-seal.ts';

/**
 * Two runs that differ in their remedies alone: half a million weights learn 3,500 images by heart, and the same network
 * with dropout (Srivastava et al. 2014), an L2 penalty and early stopping (Prechelt 1998).
 */
export function digitsPlan(): LaunchPlan {
  const dense = (n: number, units: number, activation: string) => ({
    type: 'dense',
    name: `dense${n}`,
    units,
    activation,
  });
  const dropout = (n: number) => ({ type: 'dropout', name: `dropout${n}`, rate: 0.5 });
  const flatten = { type: 'flatten', name: 'flatten' };
  const common = { optimizer: { kind: 'adam' }, learningRate: 0.001, batchSize: 64, epochs: 40, seed: 1 };
  return [
    {
      name: 'Wide MLP, no remedies',
      config: runConfigSchema.parse({
        ...common,
        model: { layers: [flatten, dense(1, 512, 'relu'), dense(2, 256, 'relu'), dense(3, 10, 'linear')] },
      }),
    },
    {
      name: 'Wide MLP, dropout, L2, early stopping',
      config: runConfigSchema.parse({
        ...common,
        model: {
          layers: [
            flatten,
            dense(1, 512, 'relu'),
            dropout(1),
            dense(2, 256, 'relu'),
            dropout(2),
            dense(3, 10, 'linear'),
          ],
        },
        l2: 0.0001,
        earlyStopping: { metric: 'loss', direction: 'min', patience: 6 },
      }),
    },
  ];
}
