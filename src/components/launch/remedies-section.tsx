import type { ReactNode } from 'react';
import { REMEDIES, type RemedyContext } from '#core/remedies/index.ts';
import type { CardProps } from './remedies/card.tsx';
import { CARDS } from './remedies/index.ts';
import type { Draft } from './use-draft.ts';

export function RemediesSection({
  draft,
  context,
  launch,
  dataset,
  changes,
}: {
  draft: Draft;
  context: RemedyContext;
  launch: CardProps['launch'];
  dataset: CardProps['dataset'];
  /** "What changes from r-0142", where the run is a copy */
  changes: ReactNode;
}) {
  const on = REMEDIES.filter((remedy) => remedy.words(draft.config) !== '').length;
  return (
    <section className="fs wide">
      <header>
        <h2>Remedies</h2>
        <span className="small two">
          {on} of {REMEDIES.length} on. Change one or two at a time, or you won’t know which one helped.
        </span>
      </header>
      <ul className="rem">
        {REMEDIES.map((remedy) => {
          const Card = CARDS[remedy.id];
          return (
            Card && (
              <Card key={remedy.id} remedy={remedy} draft={draft} context={context} launch={launch} dataset={dataset} />
            )
          );
        })}
        {changes && <li>{changes}</li>}
      </ul>
    </section>
  );
}
