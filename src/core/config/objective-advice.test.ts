import { expect, test } from 'vitest';
import { classAdvice, objectiveAdvice } from './objective-advice.ts';
import { type RunConfigInput, runConfigSchema } from './run-config.ts';

const base: RunConfigInput = {
  model: { layers: [{ type: 'dense', units: 2 }] },
  optimizer: { kind: 'adam' },
  learningRate: 0.001,
  batchSize: 10,
  epochs: 10,
};
const titles = (change: Partial<RunConfigInput>) =>
  objectiveAdvice(runConfigSchema.parse({ ...base, ...change }), 100, 'row').map((one) => one.title);

test('nothing is said of what is fine, and one thing of each that is not', () => {
  const plateau = { kind: 'plateau', direction: 'min', patience: 2 } as const;
  const stop = { direction: 'min', patience: 6 } as const;
  expect(titles({})).toEqual([]);
  expect(titles({ accumulate: 10, ema: { decay: 0.5 }, schedule: plateau, earlyStopping: stop })).toEqual([]);
  expect(titles({ accumulate: 11 })).toEqual(['One update takes more than the train part.']);
  expect(titles({ ema: { decay: 0.999 } })).toEqual(['The average of the weights is slow.']);
  expect(titles({ classWeights: 'balanced' })).toEqual([]);
  expect(titles({ classWeights: 'balanced', sampling: 'balanced' })).toEqual(['Rare classes count twice.']);
  expect(titles({ l2: 1e-4, optimizer: { kind: 'adamw' } })).toEqual(['Two things pull on the weights.']);
  expect(titles({ schedule: { ...plateau, patience: 9 } })).toEqual(['The rate never falls.']);
  expect(titles({ schedule: plateau, earlyStopping: { ...stop, patience: 3 } })).toEqual([
    'Early stopping comes before the rate falls.',
  ]);
});

test('the decay that it names fits the run', () => {
  const [advice] = objectiveAdvice(runConfigSchema.parse({ ...base, ema: { decay: 0.9999 } }), 100, 'row');
  expect(advice!.text).toContain('10,000 updates and the run has 100');
  expect(titles({ ema: { decay: Number(/decay of (0\.\d+)/.exec(advice!.text)![1]) } })).toEqual([]);
});

test('uneven classes are told by name, with what mends them in one click', () => {
  const classes = [
    { name: 'fox', train: 50 },
    { name: 'lynx', train: 10 },
    { name: 'unseen', train: 0 },
  ];
  const config = runConfigSchema.parse(base);
  const [advice] = classAdvice(config, classes, 'image');
  expect(advice!.text).toContain('fox has 50 training images, lynx 10');
  expect(classAdvice({ ...config, ...advice!.remedy!.change }, classes, 'image')).toEqual([]);
  expect(classAdvice({ ...config, sampling: 'balanced' }, classes, 'image')).toEqual([]);
  expect(classAdvice(config, [{ name: 'fox', train: 49 }, classes[1]!], 'image')).toEqual([]);
  expect(classAdvice(config, [], 'row')).toEqual([]);
});
