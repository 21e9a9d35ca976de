import type { ErrorItem } from '../errors.ts';
import type { TaskSpec } from '../model/spec.ts';
import { LOSSES_OF } from './objective.ts';
import type { METRICS, RunConfig } from './run-config.ts';

/** What of loss, optimiser, schedule and classes can't go together, with the mend. O(classes). */
export function checkObjective(config: RunConfig, task: TaskSpec): ErrorItem[] {
  return [...loss(config, task), ...classes(config, task), ...optimiser(config), ...schedule(config, task)];
}

function loss({ loss }: RunConfig, task: TaskSpec): ErrorItem[] {
  const fitting = LOSSES_OF[task.kind];
  if (!loss || fitting.includes(loss.kind)) return [];
  const learns = task.kind === 'classification' ? 'classes' : 'numbers';
  return [
    { path: '/loss/kind', message: `This data set has ${learns} to learn. Choose one of ${fitting.join(', ')}.` },
  ];
}

function classes({ classWeights, sampling }: RunConfig, task: TaskSpec): ErrorItem[] {
  if (task.kind === 'regression') {
    const message = (what: string) => `Targets that are numbers have no classes to ${what}.`;
    return [
      ...(classWeights ? [{ path: '/classWeights', message: `${message('weigh')} Set it to null.` }] : []),
      ...(sampling === 'balanced'
        ? [{ path: '/sampling', message: `${message('balance')} Set it to "shuffle".` }]
        : []),
    ];
  }
  if (classWeights === null || classWeights === 'balanced') return [];
  if (classWeights.length !== task.classes)
    return [
      {
        path: '/classWeights',
        message: `There are ${classWeights.length} weights for ${task.classes} classes. Give one for each, in their order.`,
      },
    ];
  if (classWeights.every((weight) => weight === 0))
    return [{ path: '/classWeights', message: 'Every class weighs 0, so there is nothing to learn. Raise one.' }];
  return [];
}

function optimiser({ optimizer }: RunConfig): ErrorItem[] {
  if (optimizer.kind !== 'sgd' || !optimizer.nesterov || optimizer.momentum > 0) return [];
  return [{ path: '/optimizer/nesterov', message: 'Nesterov looks ahead along the momentum: give one, such as 0.9.' }];
}

function schedule({ schedule, learningRate, startFrom }: RunConfig, task: TaskSpec): ErrorItem[] {
  const items: ErrorItem[] = [];
  const second = startFrom?.secondStage;
  if ('finalRate' in schedule && schedule.finalRate > learningRate)
    items.push({
      path: '/schedule/finalRate',
      message: `The final rate ${schedule.finalRate} is above the learning rate ${learningRate}. Make it smaller.`,
    });
  else if ('finalRate' in schedule && second && schedule.finalRate > second.learningRate)
    items.push({
      path: '/schedule/finalRate',
      message: `The final rate ${schedule.finalRate} is above the second stage's learning rate ${second.learningRate}. Make it smaller.`,
    });
  if (schedule.kind === 'plateau') items.push(...checkWatched('/schedule', schedule, task));
  return items;
}

/** What a run watches on its validation part: a metric that its task has, in the direction that is better. */
export function checkWatched(
  path: string,
  { metric, direction }: { metric: (typeof METRICS)[number]; direction: 'min' | 'max' },
  task: TaskSpec,
): ErrorItem[] {
  const own = task.kind === 'classification' ? 'accuracy' : 'rmse';
  if (metric !== 'loss' && metric !== own)
    return [
      {
        path: `${path}/metric`,
        message: `This data set's task has loss and ${own}, not ${metric}. Choose one of them.`,
      },
    ];
  const better = metric === 'accuracy' ? 'max' : 'min';
  if (direction === better) return [];
  const why = metric === 'accuracy' ? 'Accuracy is better when larger' : `A ${metric} is better when smaller`;
  return [{ path: `${path}/direction`, message: `${why}. Set direction to "${better}".` }];
}
