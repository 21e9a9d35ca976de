import { LadderButton } from '#components/comparison/ladder-button.tsx';
import { Button } from '#components/ui/index.ts';
import { ladderSizes, whyNoLadder } from '#core/comparison/ladder.ts';
import { type CardProps, RemedyCard } from './card.tsx';

export function SmallerModelCard({ remedy, draft, context, launch }: CardProps) {
  const { valid, patch } = draft;
  const smaller = valid && remedy.apply(valid, context);
  return (
    <RemedyCard remedy={remedy} checked={false} note={valid && !smaller && remedy.whyNot?.(valid, context)}>
      <Button size="s" disabled={!smaller} onClick={() => smaller && patch({ model: smaller.model })}>
        Halve the width
      </Button>
      {valid && launch && !whyNoLadder(valid) && valid.mode === 'train' && (
        <LadderButton
          projectId={launch.projectId}
          runs={ladderSizes(valid.model)}
          of={{ datasetId: launch.datasetId, name: launch.name, config: valid }}
        />
      )}
    </RemedyCard>
  );
}
