import { Copy, Layers } from 'lucide-react';
import { ButtonLink } from '#components/ui/index.ts';
import { isCheck } from '#core/run/modes.ts';
import type { StartFrom } from '#core/transfer/start-from.ts';
import type { RunDetail } from './run-page.tsx';

const WORDS: Partial<Record<RunDetail['state'], { ended: string; kept: string; again: string }>> = {
  stopped: {
    ended: 'A stopped run can’t go on.',
    kept: 'Its kept weights can be exported under Files and chosen as final.',
    again: 'The same configuration, from the first epoch on.',
  },
  failed: {
    ended: 'A failed run can’t go on.',
    kept: 'Its kept weights can be exported under Files; a failed run can’t be final.',
    again: 'Its configuration, to be changed, from the first epoch on.',
  },
  cancelled: { ended: 'It never trained.', kept: '', again: 'The same configuration.' },
};

/** What is possible after a run ended before its time: for good, for what the optimiser went on with is not kept. */
export function RunEndedEarly({ projectId, run }: { projectId: string; run: RunDetail }) {
  const words = WORDS[run.state];
  if (!words || isCheck(run.config)) return null;
  const best = run.checkpoints.find(({ kind }) => kind === 'best');
  const copy = `/p/${projectId}/runs/new?from=${run.id}`;
  return (
    <section className="ended-early" aria-label="What is possible now">
      <p>
        {words.ended}
        {best && ` ${words.kept}`}
      </p>
      {run.canWrite && (
        <dl>
          <dt>
            <ButtonLink size="s" href={copy}>
              <Copy className="i" aria-hidden />
              Launch again
            </ButtonLink>
          </dt>
          <dd>{words.again}</dd>
          {best && (
            <>
              <dt>
                <ButtonLink size="s" href={`${copy}&weights=best`}>
                  <Layers className="i" aria-hidden />
                  Start from its weights
                </ButtonLink>
              </dt>
              <dd>
                A new run whose weights begin {best.epoch > 0 ? `as they were after epoch ${best.epoch}` : 'as kept'}.
                Its epochs, optimiser and schedule begin anew.{frozenWords(run.config.startFrom)}
              </dd>
            </>
          )}
        </dl>
      )}
    </section>
  );
}

function frozenWords(startFrom: StartFrom | null): string {
  if (!startFrom?.freezeUpTo) return '';
  const until = startFrom.secondStage ? `, for its first ${counted(startFrom.secondStage.epoch)}` : '';
  return ` Layers up to ${startFrom.freezeUpTo} are frozen again${until}.`;
}

function counted(epochs: number): string {
  return epochs === 1 ? 'epoch' : `${epochs} epochs`;
}
