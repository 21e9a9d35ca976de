import { Copy, Layers } from 'lucide-react';
import { ButtonLink } from '#components/ui/index.ts';
import { isCheck } from '#core/run/modes.ts';
import type { StartFrom } from '#core/transfer/start-from.ts';
import type { RunDetail } from './run-page.tsx';

/** What is possible after a stop: it ends a run for good, for what the optimiser went on with is not kept. */
export function RunStopped({ projectId, run }: { projectId: string; run: RunDetail }) {
  if (run.state !== 'stopped' || isCheck(run.config)) return null;
  const best = run.checkpoints.find(({ kind }) => kind === 'best');
  const copy = `/p/${projectId}/runs/new?from=${run.id}`;
  return (
    <section className="stopped" aria-label="After the stop">
      <p>
        A stopped run can’t go on.
        {best && ' Its kept weights can be exported under Files and chosen as final.'}
      </p>
      {run.canWrite && (
        <dl>
          <dt>
            <ButtonLink size="s" href={copy}>
              <Copy className="i" aria-hidden />
              Launch again
            </ButtonLink>
          </dt>
          <dd>The same configuration, from the first epoch on.</dd>
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
