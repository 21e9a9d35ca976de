import { Field } from '#components/ui/index.ts';
import type { EarlyStoppingSpec } from '#core/config/run-config.ts';
import { leadMetric } from '#core/data/dataset-schema.ts';
import { startEarlyStopping } from '#core/remedies/early-stopping.ts';
import { NumberInput } from '../number-field.tsx';
import { WatchField } from '../watch-field.tsx';
import { type CardProps, RemedyCard } from './card.tsx';

export function EarlyStoppingCard({ remedy, draft, context }: CardProps) {
  const { config, patch } = draft;
  const stop = config.earlyStopping;
  const set = (change: Partial<EarlyStoppingSpec>) => stop && patch({ earlyStopping: { ...stop, ...change } });
  return (
    <RemedyCard
      remedy={remedy}
      checked={stop !== null}
      onChange={(on) => patch({ earlyStopping: on ? startEarlyStopping(config) : null })}
      problem={draft.problemUnder('/earlyStopping')}
    >
      {stop && (
        <>
          <WatchField value={stop.metric} lead={leadMetric(context.task).name} onChange={set} />
          <Field label="Patience, epochs">
            <NumberInput width={60} value={stop.patience} onChange={(patience) => set({ patience })} />
          </Field>
          <Field label="Least change">
            <NumberInput width={60} value={stop.minDelta} onChange={(minDelta) => set({ minDelta })} />
          </Field>
          <Field label="Warm-up, epochs">
            <NumberInput width={60} value={stop.warmupEpochs} onChange={(warmupEpochs) => set({ warmupEpochs })} />
          </Field>
        </>
      )}
    </RemedyCard>
  );
}
