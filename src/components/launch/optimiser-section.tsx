'use client';

import { Segmented } from '#components/ui/index.ts';
import { OPTIMIZER_NAMES, type OptimizerSpec, optimizerSchema } from '#core/config/run-config.ts';
import { NumberField } from './number-field.tsx';
import { UpdateFields } from './update-fields.tsx';
import type { Draft } from './use-draft.ts';

const OPTIMIZERS = (Object.keys(OPTIMIZER_NAMES) as OptimizerSpec['kind'][]).map((value) => ({
  value,
  label: OPTIMIZER_NAMES[value],
}));

export const REPEATS = [
  { value: 1, label: '1' },
  { value: 3, label: '3' },
  { value: 5, label: '5' },
] as const;

export function OptimiserSection({
  draft,
  repeats,
  onRepeats,
}: {
  draft: Draft;
  repeats: number;
  onRepeats: (n: number) => void;
}) {
  const { config, patch, problemAt } = draft;
  const { optimizer } = config;
  const set = (change: Partial<OptimizerSpec>) => patch({ optimizer: { ...optimizer, ...change } as OptimizerSpec });
  return (
    <section className="fs">
      <h2>Optimiser</h2>
      <div>
        <Segmented
          label="Optimiser"
          tall
          options={OPTIMIZERS}
          value={optimizer.kind}
          onChange={(kind) => patch({ optimizer: optimizerSchema.parse({ kind }) })}
        />
        <div className="rowf">
          <NumberField
            label="Learning rate"
            value={config.learningRate}
            error={problemAt('/learningRate')}
            onChange={(learningRate) => patch({ learningRate })}
          />
          {'momentum' in optimizer && (
            <NumberField
              label="Momentum"
              value={optimizer.momentum}
              width={64}
              error={problemAt('/optimizer/momentum')}
              onChange={(momentum) => set({ momentum })}
            />
          )}
          <NumberField
            label="Batch"
            value={config.batchSize}
            width={64}
            error={problemAt('/batchSize')}
            onChange={(batchSize) => patch({ batchSize })}
          />
          <NumberField
            label={config.earlyStopping ? 'Epochs at most' : 'Epochs'}
            value={config.epochs}
            width={92}
            error={problemAt('/epochs')}
            onChange={(epochs) => patch({ epochs })}
          />
          <NumberField
            label={repeats > 1 ? 'First seed' : 'Seed'}
            value={config.seed}
            width={64}
            error={problemAt('/seed')}
            onChange={(seed) => patch({ seed })}
          />
          <div className="field">
            <span className="lab">Repeat over seeds</span>
            <Segmented label="Repeat over seeds" tall options={REPEATS} value={repeats} onChange={onRepeats} />
          </div>
        </div>
        <UpdateFields draft={draft} />
      </div>
    </section>
  );
}
