import { TryChange } from '#components/comparison/try-remedy.tsx';
import { isOver } from '#core/run/lifecycle.ts';
import { DiagnosisMark } from './diagnosis-mark.tsx';
import type { RunDetail, RunDiagnosis } from './run-page.tsx';

/** What the curves show, how that is decided, and what to try. */
export function DiagnosisBox({ run, diagnosis }: { run: RunDetail; diagnosis: RunDiagnosis }) {
  const { figures, remedies } = diagnosis;
  return (
    <section className="diag" aria-labelledby="diagnosis">
      <div>
        <h2 id="diagnosis">
          <DiagnosisMark kind={diagnosis.kind} title={diagnosis.title} />
        </h2>
        <p>{diagnosis.sentences}</p>
        <details className="small two mt-1.5">
          <summary>How this is decided</summary>
          <p className="mt-1.5">
            From {isOver(run.state) ? 'the' : 'the first'} {figures.epochs} epochs&rsquo; train and validation loss,
            nothing else; figures are medians of three epochs. A rise counts from a tenth of the best loss and five
            times what validation loss moves between epochs by itself. The verdict changes only when three epochs in a
            row agree on another.
            {figures.epochs > 0 && ` Of the last ${Math.min(8, figures.epochs)} epochs, `}
            {figures.epochs > 0 && `${Math.round(100 * diagnosis.confidence)} % say this when each is read for itself.`}
          </p>
        </details>
      </div>
      {remedies.length > 0 && (
        <div className="try">
          <p>
            {run.canWrite ? 'Each copies this run with one change and trains it beside this one:' : 'To try first:'}
          </p>
          <dl>
            {remedies.flatMap(({ name, change, why }) => [
              <dt key={name}>{run.canWrite ? <TryChange run={run} change={change} name={name} /> : name}</dt>,
              <dd key={`${name} why`}>{why}</dd>,
            ])}
          </dl>
        </div>
      )}
    </section>
  );
}
