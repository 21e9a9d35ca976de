import { Field } from '#components/ui/index.ts';
import { START_L2 } from '#core/remedies/weight-penalty.ts';
import { NumberInput } from '../number-field.tsx';
import { type CardProps, RemedyCard } from './card.tsx';

export function WeightPenaltyCard({ remedy, draft }: CardProps) {
  const { config, patch, problemAt } = draft;
  return (
    <RemedyCard
      remedy={remedy}
      checked={config.l2 !== 0}
      onChange={(on) => patch({ l2: on ? START_L2 : 0 })}
      problem={problemAt('/l2')}
    >
      <Field label="Factor">
        <NumberInput width={60} value={config.l2} onChange={(l2) => patch({ l2 })} />
      </Field>
    </RemedyCard>
  );
}
