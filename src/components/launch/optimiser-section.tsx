'use client';

import { Segmented } from '#components/ui/index.ts';
import type { MemoryBudget } from '#core/config/check-config.ts';
import { OPTIMIZER_NAMES, type OptimizerSpec, optimizerSchema, PRECISIONS } from '#core/config/run-config.ts';
import { NumberField } from './number-field.tsx';
import { UpdateFields } from './update-fields.tsx';
import type { Draft } from './use-draft.ts';

const OPTIMIZERS = (Object.keys(OPTIMIZER_NAMES) as OptimizerSpec['kind'][]).map((value) => ({
  value,
  label: OPTIMIZER_NAMES[value],
}));

const PRECISION_OPTIONS = PRECISIONS.map((value) => ({ value, label: value }));

export const REPEATS = [
  { value: 1, label: '1' },
  { value: 3, label: '3' },
  { value: 5, label: '5' },
] as const;

export function OptimiserSection({
  draft,
  can,
  repeats,
  onRepeats,
}: {
  draft: Draft;
  /** what some trainer can do */
  can: Pick<MemoryBudget, 'devices' | 'bf16'>;
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
          {((can.devices ?? 1) > 1 || config.replicas > 1) && (
            <NumberField
              label={`Devices of ${can.devices ?? 1}`}
              value={config.replicas}
              width={64}
              error={problemAt('/replicas')}
              onChange={(replicas) => patch({ replicas })}
            />
          )}
          {(can.bf16 || config.precision === 'bf16') && (
            <div className="field">
              <span className="lab">Precision</span>
              <Segmented
                label="Precision"
                tall
                options={PRECISION_OPTIONS}
                value={config.precision}
                onChange={(precision) => patch({ precision })}
              />
            </div>
          )}
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
