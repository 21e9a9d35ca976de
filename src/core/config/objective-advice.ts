import { count } from '../format/numbers.ts';
import type { Advice } from './advice.ts';
import { stepItems, stepsPerEpoch } from './check-config.ts';
import type { RunConfig } from './run-config.ts';

/** What a good teacher would say of loss, classes, updates and averages. O(1). */
export function objectiveAdvice(config: RunConfig, trainItems: number, noun: string): Advice[] {
  const { accumulate, ema, classWeights, sampling, schedule, epochs, optimizer, l2 } = config;
  const advice: Advice[] = [];
  const steps = epochs * stepsPerEpoch(trainItems, config);
  if (accumulate > 1 && stepItems(config) > trainItems)
    advice.push({
      title: 'One update takes more than the train part.',
      text: `${accumulate} batches of ${config.batchSize} are ${count(stepItems(config))} ${noun}s, the part has ${count(trainItems)}: each epoch is a single update.`,
    });
  const remembered = ema ? Math.round(1 / (1 - ema.decay)) : 0;
  if (remembered * 2 > steps)
    advice.push({
      title: 'The average of the weights is slow.',
      text: `It looks back over about ${count(remembered)} updates and the run has ${count(steps)}, so validation will lag. A decay of ${slowestDecay(steps)} fits better.`,
    });
  if (classWeights && sampling === 'balanced')
    advice.push({
      title: 'Rare classes count twice.',
      text: 'They come as often as the others already; weights on top make them outweigh those.',
    });
  if (l2 > 0 && optimizer.kind === 'adamw' && optimizer.weightDecay > 0)
    advice.push({
      title: 'Two things pull on the weights.',
      text: 'AdamW’s decay does what L2 is for, and does it better with Adam (Loshchilov and Hutter 2019). One of them is easier to tune.',
    });
  if (schedule.kind === 'plateau' && schedule.warmupEpochs + schedule.patience + 1 >= epochs)
    advice.push({
      title: 'The rate never falls.',
      text: `After ${schedule.patience + 1} epochs without anything better the run of ${epochs} would be over.`,
    });
  const { earlyStopping } = config;
  if (schedule.kind === 'plateau' && earlyStopping && earlyStopping.patience <= schedule.patience + 1)
    advice.push({
      title: 'Early stopping comes before the rate falls.',
      text: `It waits ${earlyStopping.patience} epochs, the schedule ${schedule.patience + 1}. Give early stopping about twice as many.`,
    });
  return advice;
}

export interface ClassCount {
  name: string;
  /** items of the train part */
  train: number;
}

/** From here on rare classes are missed often enough to be worth a word (Buda et al. 2018, arXiv:1710.05381, figure 3). */
const UNEVEN = 5;

export function classAdvice(
  { classWeights, sampling }: RunConfig,
  classes: readonly ClassCount[],
  noun: string,
): Advice[] {
  const seen = classes.filter(({ train }) => train > 0);
  if (seen.length < 2 || classWeights !== null || sampling === 'balanced') return [];
  const most = seen.reduce((a, b) => (b.train > a.train ? b : a));
  const least = seen.reduce((a, b) => (b.train < a.train ? b : a));
  if (most.train < UNEVEN * least.train) return [];
  return [
    {
      title: 'The classes are uneven.',
      text: `${most.name} has ${count(most.train)} training ${noun}s, ${least.name} ${count(least.train)}. Accuracy can look good while the rare ones are missed.`,
      remedy: { label: 'Weigh each class the same', change: { classWeights: 'balanced' } },
    },
  ];
}

/** Looks back over a tenth of the run, with one digit that is not a 9. */
function slowestDecay(steps: number): number {
  return Number((1 - 1 / Math.max(2, steps / 10)).toPrecision(2));
}
