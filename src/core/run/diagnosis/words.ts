import { USUAL_MOMENTUM } from '../../config/usual-rate.ts';
import { metricValue } from '../../format/numbers.ts';
import type { ChangeId } from '../../remedies/changes.ts';
import { DIAGNOSES, type Diagnosis, type DiagnosisFacts } from './kinds.ts';

/** What a page says of a diagnosis: plain words with their figures. */

export interface DiagnosisWords {
  title: string;
  sentences: string;
  /** what to try first, each with its reason */
  remedies: Suggestion[];
}

export interface Suggestion {
  name: string;
  /** what one click puts into a copy of the run */
  change: ChangeId;
  why: string;
}

const loss = (value: number) => metricValue('loss', value);
const suggest = (name: string, change: ChangeId, why: string): Suggestion => ({ name, change, why });
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
            ? [suggest('Early stopping', 'early_stopping', `on validation loss; its best was at epoch ${f.bestEpoch}.`)]
            : []),
          facts.dropout.some((rate) => rate > 0)
            ? suggest('More dropout', 'dropout', `the highest rate here is ${Math.max(...facts.dropout)}.`)
            : suggest('Dropout', 'dropout', 'no unit can then rely on single others.'),
          ...(noun === 'image' && !facts.augmented
            ? [
                suggest(
                  'Augmentation',
                  'augmentation',
                  'an image that is never twice the same can’t be learned by heart.',
                ),
              ]
            : []),
          suggest('L2 penalty', 'weight_penalty', 'keeps weights small.'),
          suggest('A smaller model', 'smaller_model', 'fewer weights can hold fewer items.'),
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
          suggest('A larger model', 'larger_model', 'more units can tell more apart.'),
          suggest(
            'Ten times the learning rate',
            'rate_tenfold',
            'where train loss still falls, but slowly; or more epochs.',
          ),
          ...(facts.dropout.some((rate) => rate > 0)
            ? [suggest('Less dropout', 'less_dropout', 'it holds back a network that has not learned yet.')]
            : []),
        ],
      };
    case 'plateau':
      return {
        title,
        sentences: `Since about epoch ${diagnosis.since} neither loss has moved much: train stands at ${loss(f.train)}, validation at ${loss(f.validation)}. More epochs alone will change little.`,
        remedies: [
          suggest('A larger model', 'larger_model', 'if train loss should be lower.'),
          suggest('A cosine schedule', 'cosine', 'a lower rate finds what a high one steps over.'),
        ],
      };
    case 'diverging':
      return {
        title,
        sentences: facts.notANumber
          ? `A loss was no longer a number in epoch ${diagnosis.since}${f.epochs > 0 ? `; train loss had stood at ${loss(f.train)}` : ''}. The steps are too large.`
          : `Train loss is ${loss(f.train)} after ${epochs(f.epochs)}${facts.guess === null ? '' : `, and guessing alone reaches ${loss(facts.guess)}`}. The steps are too large to come back from.`,
        remedies: [
          ...smallerSteps(facts),
          suggest('A warm-up', 'warm_up', 'the first steps, from random weights, are the most dangerous.'),
        ],
      };
    case 'unstable':
      return {
        title,
        sentences: `Train loss often jumps up by more than a fifth from one epoch to the next, and stands at ${loss(f.train)}. The steps are too large to settle.`,
        remedies: [
          suggest('A third of the learning rate', 'rate_third', 'jumps shrink with the steps.'),
          suggest('A larger batch', 'larger_batch', 'its gradient is less noisy.'),
          suggest('A cosine schedule', 'cosine', 'the rate falls towards the end.'),
        ],
      };
    case 'validation_easier':
      return {
        title,
        sentences: `Validation loss, ${loss(f.validation)}, lies below train loss, ${loss(f.train)}. ${whyEasier(facts)} Nothing is wrong.`,
        remedies: facts.dropout.some((rate) => rate > 0)
          ? [suggest('Less dropout', 'less_dropout', 'if the network should learn faster.')]
          : [],
      };
    case 'leak_or_noise':
      return {
        title,
        sentences: `Validation loss, ${loss(f.validation)}, lies well below train loss, ${loss(f.train)}, and nothing that is on in training only explains it. Look for ${noun}s that stand in both parts, and for wrong labels in the train part.`,
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
            : `Validation loss is about ${loss(f.validation)}, at or near its best, and train loss about ${loss(f.train)}. Nothing in the curves asks for a remedy.`,
        remedies: [],
      };
  }
}

/** Above so many times the usual rate a tenth of it would still be ten times too high. */
const FAR_TOO_HIGH = 100;

/** A tenth of the rate where that is enough; less momentum where the rate would then be near enough to the usual one. */
function smallerSteps({ rateTimes, momentum }: DiagnosisFacts): Suggestion[] {
  const share = (1 - momentum) / (1 - USUAL_MOMENTUM);
  const builtUp = (m: number) => Math.round(1 / (1 - m));
  return [
    rateTimes > FAR_TOO_HIGH
      ? suggest(
          'The usual learning rate',
          'usual_rate',
          `this one is ${Math.round(rateTimes).toLocaleString('en-GB')} times that, so a tenth of it would still be far too high.`,
        )
      : suggest('A tenth of the learning rate', 'rate_tenth', 'the most frequent cause by far.'),
    ...(momentum > USUAL_MOMENTUM && rateTimes * share <= FAR_TOO_HIGH / 10
      ? [
          suggest(
            'Less momentum',
            'lower_momentum',
            `with ${momentum} a step that repeats comes to ${builtUp(momentum)} times the learning rate, with ${USUAL_MOMENTUM} to ${builtUp(USUAL_MOMENTUM)} times.`,
          ),
        ]
      : []),
  ];
}

function whyEasier({ augmented, dropout, unlike }: DiagnosisFacts): string {
  const rates = dropout.filter((rate) => rate > 0).join(', ');
  const ways = [
    ...(augmented ? ['on items that augmentation made harder'] : []),
    ...(rates ? [`with a network that dropout (${rates}) thinned`] : []),
    ...unlike,
  ];
  return `Train loss is measured ${new Intl.ListFormat('en-GB').format(ways)}; that explains it.`;
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
