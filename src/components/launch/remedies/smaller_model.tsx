import { Button } from '#components/ui/index.ts';
import { type CardProps, RemedyCard } from './card.tsx';

export function SmallerModelCard({ remedy, draft, context }: CardProps) {
  const smaller = draft.valid && remedy.apply(draft.valid, context);
  return (
    <RemedyCard remedy={remedy} checked={false}>
      <Button size="s" disabled={!smaller} onClick={() => smaller && draft.patch({ model: smaller.model })}>
        Halve the width
      </Button>
    </RemedyCard>
  );
}
