import { hasBatchNorm, withBatchNorm, withoutBatchNorm } from '#core/remedies/batch-norm.ts';
import { type CardProps, RemedyCard } from './card.tsx';

export function BatchNormCard({ remedy, draft, context }: CardProps) {
  const { config, valid, patch } = draft;
  const on = hasBatchNorm(config.model);
  const fits = on || (valid !== null && remedy.apply(valid, context) !== null);
  return (
    <RemedyCard
      remedy={remedy}
      checked={on}
      disabled={!fits}
      onChange={(want) => patch({ model: (want ? withBatchNorm : withoutBatchNorm)(config.model) })}
      note={!fits && valid !== null && 'This model has no hidden layer that it could follow.'}
    >
      <span>{config.model.layers.filter((l) => l.type === 'batch_norm').length} norms. Edit them in the layers.</span>
    </RemedyCard>
  );
}
