import { leafLayers } from '#core/model/spec.ts';
import { hasBatchNorm, withBatchNorm, withoutBatchNorm } from '#core/remedies/batch-norm.ts';
import { type CardProps, RemedyCard } from './card.tsx';

export function BatchNormCard({ remedy, draft, context }: CardProps) {
  const { config, valid, patch } = draft;
  const on = hasBatchNorm(config.model);
  const norms = leafLayers(config.model).filter((layer) => layer.type === 'batch_norm').length;
  const fits = on || (valid !== null && remedy.apply(valid, context) !== null);
  return (
    <RemedyCard
      remedy={remedy}
      checked={on}
      disabled={!fits}
      onChange={(want) => patch({ model: (want ? withBatchNorm : withoutBatchNorm)(config.model) })}
      note={!fits && valid !== null && 'This model has no hidden layer that it could follow.'}
    >
      <span>
        {norms} {norms === 1 ? 'norm' : 'norms'}. Edit {norms === 1 ? 'it' : 'them'} in the layers.
      </span>
    </RemedyCard>
  );
}
