import { count } from '#core/format/numbers.ts';
import type { Certificate } from '#core/seal/certificate.ts';
import { sameData } from '#core/transfer/lineage.ts';
import { overlapWords } from '#core/transfer/words.ts';
import type { Outputs } from '../trpc/client.tsx';
import { AgainstBaseline, AgainstValidation, SealStrength } from './certificate-comparisons.tsx';
import { CertificateDigests } from './certificate-digests.tsx';
import { ClassTable } from './class-table.tsx';
import { axisOf, IntervalRow, IntervalTicks } from './interval-axis.tsx';
import { Stamp } from './stamp.tsx';
import { earlierWords, items, METRIC_WORDS, measured, range, spreadOf, times, when } from './words.ts';

type View = Outputs['final']['get'];

/** The result page. Every figure on it is read from the signed document, not from rows that people may rename. */
export function CertificateView({ view, certificate }: { view: View; certificate: Certificate }) {
  const { document } = certificate;
  const { result, validation, earlierOpenings } = document;
  const kind = view.sealed?.items ?? 'row';
  const overlaps = document.run.overlaps?.filter(({ testItems }) => testItems !== 0) ?? [];
  const learned = Math.max(0, ...overlaps.map(({ testItems }) => testItems ?? 0));
  const seen = overlapWords(
    (document.run.lineage ?? []).filter((step) => step.kind === 'run' && overlaps.some((o) => sameData(o, step))),
    { overlaps, n: result.n },
  );
  const unit = result.metric === 'rmse' ? result.unit : '';
  const shown = (value: number) => measured(result.metric, value, unit, spreadOf(result.interval));
  const drawn = [result.value, result.interval?.low, result.interval?.high, validation.value].filter(
    (v) => v !== null && v !== undefined,
  );
  const baseline = result.baseline.value;
  const near = isNear(baseline, drawn);
  const scale = axisOf(result.metric, near ? [...drawn, baseline] : drawn);
  return (
    <article className="cert" aria-label="Certificate">
      <header>
        <div>
          <p className="two small">
            Holdout certificate, {document.course.name}
            {document.course.term && `, ${document.course.term}`}
          </p>
          <h1>
            {document.project.name}, {document.team.name}
          </h1>
          <p className="two">
            {earlierOpenings.length === 0 ? 'Opened once, on' : 'Opened on'} {when(document.openedAt)}
            {document.committedBy && `, committed by ${document.committedBy}`}.
          </p>
          {earlierOpenings.length > 0 && (
            <p>
              <b>This team has opened the same test part {times(earlierOpenings.length)} before:</b>{' '}
              {earlierWords(earlierOpenings)}.
            </p>
          )}
          {seen.length > 0 && (
            <p>
              <b>Its first weights may have learned from test {kind}s:</b> {seen.join(' ')}
            </p>
          )}
        </div>
        <Stamp again={earlierOpenings.length > 0} />
      </header>
      <div className="cols">
        <div>
          <section>
            <h2>
              {METRIC_WORDS[result.metric]} on {items(result.n, kind).replace(kind, `test ${kind}`)}
            </h2>
            <p className="figure" title={result.value === null ? undefined : String(result.value)}>
              {result.value === null ? 'not finite' : shown(result.value)}
            </p>
            <p className="two">
              {result.metric === 'accuracy' &&
                `${count(result.right)} right, ${count(result.n - result.right)} wrong. `}
              {result.interval
                ? `95 % interval ${range(result.metric, result.interval, unit)} (${result.method}).`
                : 'No interval can be given.'}
            </p>
            <div className="one">
              <IntervalRow
                scale={scale}
                metric={result.metric}
                interval={result.interval}
                strong
                marks={[
                  ...(near ? [{ shape: 'diamond' as const, value: baseline }] : []),
                  { shape: 'ring', value: validation.value },
                  ...(result.value === null ? [] : [{ shape: 'dot' as const, value: result.value }]),
                ]}
              />
              <IntervalTicks scale={scale} unit={result.metric === 'accuracy' ? '%' : unit} />
            </div>
            <p className="tiny three">
              Filled: test. Ring: validation.{' '}
              {near
                ? 'Diamond: baseline on the test part.'
                : `The baseline, ${shown(baseline)}, lies ${baseline < drawn[0]! ? 'left' : 'right'} of this axis.`}
            </p>
          </section>
          {result.interval && (
            <section>
              <h2>What this says</h2>
              <p>
                {learned > 0 &&
                  `${count(learned)} of the ${count(result.n)} test ${kind}s had been learned from, so on new ones expect less than this. `}
                {result.metric === 'accuracy'
                  ? `On new ${kind}s like these, expect the model to be right between ${Math.floor(100 * result.interval.low)} and ${Math.ceil(100 * result.interval.high)} times in 100.`
                  : `On new ${kind}s like these, expect an error between ${range('rmse', result.interval, unit, 'and')}.`}{' '}
                The interval covers the luck of which {kind}s were drawn; it does not cover data from another source.
              </p>
            </section>
          )}
        </div>
        <div>
          <AgainstValidation document={document} />
          <AgainstBaseline document={document} />
          <SealStrength document={document} />
        </div>
      </div>
      {result.metric === 'accuracy' && <ClassTable result={result} kind={kind} />}
      <CertificateDigests certificate={certificate} />
    </article>
  );
}

/** A baseline far off would press everything else together: it is then told in words. */
function isNear(baseline: number, drawn: readonly number[]): boolean {
  const [low, high] = [Math.min(...drawn), Math.max(...drawn)];
  return baseline > low - 4 * (high - low) && baseline < high + 4 * (high - low);
}
