import { count, metricValue } from '#core/format/numbers.ts';
import { againstValidation } from '#core/metric/compare.ts';
import type { CertificateDocument } from '#core/seal/certificate.ts';
import { learntElsewhere } from '#core/transfer/lineage.ts';
import { elsewhereWords } from '#core/transfer/words.ts';
import { agreeing, bare, measured, spreadOf, times, withUnit } from './words.ts';

/** Lower or higher than validation, by how much, and whether chance explains it. */
export function AgainstValidation({ document }: { document: CertificateDocument }) {
  const { result, validation } = document;
  if (result.value === null) return null;
  const unit = result.metric === 'rmse' ? result.unit : '';
  const against = againstValidation(result.metric, { value: result.value, n: result.n }, validation);
  const spread = spreadOf(result.interval);
  const { test, before, size } = agreeing(result.metric, result.value, validation.value, spread);
  const steps = result.metric === 'accuracy' ? `${size} points` : withUnit('rmse', size, unit);
  const chance = against.interval && against.interval.low <= 0 && against.interval.high >= 0;
  return (
    <section>
      <h2>Against validation</h2>
      <p>
        Validation said {withUnit(result.metric, before, unit)}, the test part {withUnit(result.metric, test, unit)}
        {unit && unit !== 'pixels' && ` (in the unit of ${unit})`}:{' '}
        <b>{against.difference === 0 ? 'no difference' : `${steps} ${against.difference < 0 ? 'lower' : 'higher'}`}</b>
        {against.interval &&
          `; 95 % interval ${signed(against.interval.low)} to ${signed(against.interval.high)} points. ${chance ? 'Chance alone can explain it.' : 'That is more than chance explains.'}`}
        {!against.interval && (against.better ? ', which is better.' : '.')}
        {choiceWords(validation, !against.better && against.difference !== 0)}
      </p>
    </section>
  );
}

/** @param worse whether the test part said less than validation */
function choiceWords({ rank, of }: CertificateDocument['validation'], worse: boolean): string {
  if (rank === undefined || of === undefined || of === 1) return '';
  if (rank > 1) return ` Of ${count(of)} runs that could be final, ${count(rank - 1)} scored better on validation.`;
  return worse
    ? ` It was the best of ${count(of)} runs on validation, and the luckiest of many looks better than it is.`
    : ` It was the best of ${count(of)} runs on validation.`;
}

function signed(difference: number): string {
  const text = bare('accuracy', difference);
  return difference > 0 ? `+${text}` : text;
}

export function AgainstBaseline({ document }: { document: CertificateDocument }) {
  const { result } = document;
  const unit = result.metric === 'rmse' ? result.unit : '';
  const spread = spreadOf(result.interval);
  return (
    <section>
      <h2>Against the baseline</h2>
      <p>
        A model that {result.baseline.description} scores {measured(result.metric, result.baseline.value, unit, spread)}{' '}
        on the same items.{' '}
        {result.metric === 'accuracy'
          ? `Beside accuracy: macro F1 ${metricValue('accuracy', result.macroF1)}${result.logLoss === null ? '' : `, log-loss ${metricValue('loss', result.logLoss)}`}.`
          : `Beside it: mean absolute error ${result.mae === null ? 'not finite' : measured('rmse', result.mae, unit, spread)}${result.r2 === null ? '' : `, R² ${metricValue('accuracy', result.r2)}`}.`}
      </p>
    </section>
  );
}

/** What the seal proves and what it can't, in every certificate's words. */
export function SealStrength({ document }: { document: CertificateDocument }) {
  const earlier = document.earlierOpenings.length;
  const { overlaps, lineage = [] } = document.run;
  const opened = { ...(overlaps && { overlaps }), n: document.result.n };
  const elsewhere = elsewhereWords(learntElsewhere(lineage, document.dataset), opened);
  return (
    <section>
      <h2>How sure the seal is</h2>
      <p>
        {elsewhere
          ? `From the split on nobody could read the test part here, and no run of this project was given it. ${elsewhere}`
          : 'From the split on nobody could read the test part here, and no run of this project could train on it.'}{' '}
        {earlier === 0
          ? 'This score was taken once, of weights that were fixed before.'
          : `This score is of weights that were fixed before it. But the team had opened the same test part ${times(earlier)} before, and what it learned then may have guided this model.`}{' '}
        Who uploaded the data may have seen it before that: of this the seal is a promise, not a proof.
      </p>
    </section>
  );
}
