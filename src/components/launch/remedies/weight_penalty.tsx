import { Field, Select } from '#components/ui/index.ts';
import { decayOf, withDecay } from '#core/remedies/weight-penalty.ts';
import { NumberInput } from '../number-field.tsx';
import { type CardProps, RemedyCard } from './card.tsx';

export function WeightPenaltyCard({ remedy, draft, context }: CardProps) {
  const { config, patch, problemUnder } = draft;
  const { l1, l2, penalise, optimizer } = config;
  const decay = decayOf(optimizer);
  const off = { l1: 0, l2: 0, optimizer: withDecay(optimizer, 0) };
  return (
    <RemedyCard
      remedy={remedy}
      checked={l1 !== 0 || l2 !== 0 || decay !== 0}
      onChange={(on) => patch(on ? (remedy.apply(config, context) ?? {}) : off)}
      problem={problemUnder('/l1') ?? problemUnder('/l2') ?? problemUnder('/optimizer/weightDecay')}
      note={(l1 !== 0 || l2 !== 0) && optimizer.kind !== 'adamw' && 'Decay apart from the gradient comes with AdamW.'}
    >
      <Field label="L2">
        <NumberInput width={60} value={l2} onChange={(value) => patch({ l2: value })} />
      </Field>
      <Field label="L1">
        <NumberInput width={60} value={l1} onChange={(value) => patch({ l1: value })} />
      </Field>
      {optimizer.kind === 'adamw' && (
        <Field label="Decay">
          <NumberInput
            width={60}
            value={decay}
            onChange={(value) => patch({ optimizer: withDecay(optimizer, value) })}
          />
        </Field>
      )}
      <Field label="Pulls on">
        <Select value={penalise} onChange={(event) => patch({ penalise: event.target.value as typeof penalise })}>
          <option value="kernels">weights and kernels</option>
          <option value="all">biases and norms too</option>
        </Select>
      </Field>
    </RemedyCard>
  );
}
