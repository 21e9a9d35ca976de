import { Check, Circle, LoaderCircle, Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { count, runId } from '#core/format/numbers.ts';
import type { Outputs } from '../trpc/client.tsx';
import { cx } from '../ui/index.ts';
import { grouped, items, when } from './words.ts';

type View = Outputs['final']['get'];

/** Between the commitment and the result: where it stands, and what to do where no referee answers (nothing). */
export function CommittedView({ view, opening }: { view: View; opening: NonNullable<View['opening']> }) {
  const kind = view.sealed?.items ?? 'row';
  return (
    <article className="cer">
      <h1>
        <Lock className="i" aria-hidden />
        The test part is being opened
      </h1>
      <p className="lead">
        {runId(opening.run.number)} {opening.run.name} is committed as final. The referee scores it once on{' '}
        {items(opening.n, kind)}; you may close this page, the result stays.
      </p>
      <ol className="stages" aria-live="polite">
        <Stage state="done" title="Sealed">
          {view.sealed?.sealedAt ? when(view.sealed.sealedAt) : ''}
        </Stage>
        <Stage state="done" title="Committed">
          {when(opening.committedAt)}
          {opening.committedBy && ` by ${opening.committedBy}`}. Weights of epoch {opening.epoch}:{' '}
          <span className="mono block">{grouped(opening.weightsDigest)}</span>
        </Stage>
        <Stage state={opening.scoring ? 'now' : opening.stalled || opening.error ? 'stuck' : 'next'} title="Scored">
          {opening.scoring
            ? `The referee decrypts the test part and scores ${count(opening.n)} items now.`
            : opening.error
              ? opening.error
              : opening.stalled
                ? 'No referee is running. Nothing is lost and nothing can change: as soon as one runs, it takes these weights and goes on by itself. Ask whoever runs this server to start it.'
                : opening.queued
                  ? 'The referee scores another project now; this one comes next.'
                  : 'Waiting for the referee.'}
        </Stage>
        <Stage state="next" title="Opened">
          The result, its interval and a signed certificate will stand here.
        </Stage>
      </ol>
    </article>
  );
}

const MARKS = { done: Check, now: LoaderCircle, stuck: Circle, next: Circle };

function Stage({ state, title, children }: { state: keyof typeof MARKS; title: string; children: ReactNode }) {
  const Mark = MARKS[state];
  return (
    <li className={state} aria-current={state === 'now' ? 'step' : undefined}>
      <Mark className={cx('i', state === 'now' && 'live')} aria-hidden />
      <div>
        <h2>{title}</h2>
        <p>{children}</p>
      </div>
    </li>
  );
}
