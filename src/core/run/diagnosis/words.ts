import { metricValue } from '../../format/numbers.ts';
import { DIAGNOSES, type Diagnosis, type DiagnosisFacts } from './kinds.ts';

/** What a page says of a diagnosis: plain words with their figures. */

export interface DiagnosisWords {
  title: string;
  sentences: string;
  /** what to try first, each with its reason; all of it is on the launch page */
  remedies: { name: string; why: string }[];
}

const loss = (value: number) => metricValue('loss', value);
const epochs = (n: number) => (n === 1 ? '1 epoch' : `${n} epochs`);

/** @param noun "image" or "row" */
export function diagnosisWords(diagnosis: Diagnosis, facts: DiagnosisFacts, noun: string): DiagnosisWords {
  const { kind, figures: f } = diagnosis;
  const title = titleOf(diagnosis);
  switch (kind) {
    case 'overfitting': {
      const back = f.epochs - f.bestEpoch;
      const times = Math.floor((f.validation - f.bestValidation) / f.noise);
      return {
        title,
        sentences:
          `In the last ${epochs(back)} train loss fell from ${loss(f.bestTrain)} to ${loss(f.train)}, while validation loss rose from ` +
          `${loss(f.bestValidation)} to ${loss(f.validation)}${Number.isFinite(times) && times < 1000 ? `: ${times} times what it usually moves between epochs` : ''}. ` +
          `The network is learning these ${facts.trainItems.toLocaleString('en-GB')} ${noun}s by heart.`,
        remedies: [
          ...(facts.patience === null
            ? [{ name: 'Early stopping', why: `on validation loss; its best was at epoch ${f.bestEpoch}.` }]
            : []),
          facts.dropout.some((rate) => rate > 0)
            ? { name: 'More dropout', why: `the highest rate here is ${Math.max(...facts.dropout)}.` }
            : { name: 'Dropout', why: 'no unit can then rely on single others. 0.3 is a usual start.' },
          { name: 'L2', why: 'keeps weights small. 0.0001 is a usual start.' },
          { name: 'A smaller preset', why: 'fewer weights can hold fewer items.' },
        ],
      };
    }
    case 'underfitting':
      return {
        title,
        sentences:
          `After ${epochs(f.epochs)} train loss is ${loss(f.train)}${f.train < (facts.guess ?? 0) ? `, and guessing alone reaches ${loss(facts.guess!)}` : `, no better than guessing (${loss(facts.guess ?? Number.NaN)})`}. ` +
          `Validation loss, ${loss(f.validation)}, is close to it: the network does not learn the ${noun}s that it is shown.`,
        remedies: [
          { name: 'A larger preset', why: 'more units can tell more apart.' },
          {
            name: 'Another learning rate',
            why: 'where train loss still falls slowly, ten times as much; or more epochs.',
          },
          ...(facts.dropout.some((rate) => rate > 0)
            ? [{ name: 'Less dropout', why: 'it holds back a network that has not learned yet.' }]
            : []),
        ],
      };
    case 'plateau':
      return {
        title,
        sentences: `Since about epoch ${diagnosis.since} neither loss has moved much: train stands at ${loss(f.train)}, validation at ${loss(f.validation)}. More epochs alone will change little.`,
        remedies: [
          { name: 'A larger preset', why: 'if train loss should be lower.' },
          { name: 'A cosine or step schedule', why: 'a lower rate finds what a high one steps over.' },
        ],
      };
    case 'diverging':
      return {
        title,
        sentences: facts.notANumber
          ? `A loss was no longer a number in epoch ${diagnosis.since}${f.epochs > 0 ? `; train loss had stood at ${loss(f.train)}` : ''}. The steps are too large.`
          : `Train loss is ${loss(f.train)} after ${epochs(f.epochs)}${facts.guess === null ? '' : `, and guessing alone reaches ${loss(facts.guess)}`}. The steps are too large to come back from.`,
        remedies: [
          { name: 'A tenth of the learning rate', why: 'the most frequent cause by far.' },
          { name: 'A warm-up', why: 'the first steps, from random weights, are the most dangerous.' },
        ],
      };
    case 'unstable':
      return {
        title,
        sentences: `Train loss often jumps up by more than a fifth from one epoch to the next, and stands at ${loss(f.train)}. The steps are too large to settle.`,
        remedies: [
          { name: 'A third of the learning rate', why: 'jumps shrink with the steps.' },
          { name: 'A larger batch', why: 'its gradient is less noisy.' },
          { name: 'A cosine schedule', why: 'the rate falls towards the end.' },
        ],
      };
    case 'validation_easier':
      return {
        title,
        sentences: `Validation loss, ${loss(f.validation)}, lies below train loss, ${loss(f.train)}. Dropout (${facts.dropout.join(', ')}) explains it: it is on in training only, so train is measured on a thinned network. Nothing is wrong.`,
        remedies: [{ name: 'Less dropout', why: 'if the network should learn faster.' }],
      };
    case 'leak_or_noise':
      return {
        title,
        sentences: `Validation loss, ${loss(f.validation)}, lies well below train loss, ${loss(f.train)}, and no dropout explains it. Look for ${noun}s that stand in both parts, and for wrong labels in the train part.`,
        remedies: [],
      };
    case 'unclear':
      return {
        title,
        sentences:
          f.epochs < 5
            ? `${f.epochs === 0 ? 'No epoch is' : f.epochs === 1 ? '1 epoch is' : `${f.epochs} epochs are`} done. A trend can be told from noise after about seven.`
            : `Validation loss moves by ${loss(f.noise)} between epochs, around ${loss(f.validation)}, on ${facts.validationItems.toLocaleString('en-GB')} ${noun}s. What it shows so far can be chance.`,
        remedies: [],
      };
    case 'healthy':
      return {
        title,
        sentences:
          facts.patience !== null && f.epochs > f.bestEpoch + 2
            ? `Validation loss was lowest near epoch ${f.bestEpoch}, ${loss(f.bestValidation)}. Early stopping keeps the weights of the best epoch, so what came after does no harm.`
            : `Validation loss is ${loss(f.validation)}, at or near its best (${loss(f.bestValidation)}), and train loss is ${loss(f.train)}. Nothing in the curves asks for a remedy.`,
        remedies: [],
      };
  }
}

/** "Overfitting since epoch 14". */
export function titleOf({ kind, since, figures }: Pick<Diagnosis, 'kind' | 'since' | 'figures'>): string {
  if (kind === 'unclear' && figures.epochs < 5) return 'Too early to say';
  if (kind === 'unstable') return 'Unstable: learning rate too high';
  return since !== null && (kind === 'overfitting' || kind === 'diverging')
    ? `${DIAGNOSES[kind]} since epoch ${since}`
    : DIAGNOSES[kind];
}

/** What asks for a look; the rest is as it should be, or can't be told yet. */
export function needsLook(kind: Diagnosis['kind']): boolean {
  return !['healthy', 'plateau', 'validation_easier', 'unclear'].includes(kind);
}
