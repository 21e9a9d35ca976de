import type { ErrorItem } from '#core/errors.ts';
import { TRANSFORM_WORDS } from '#core/remedies/augmentation.ts';

/** What the form calls each value, by its place in the configuration. */
const LABELS: Record<string, string> = {
  '/learningRate': 'Learning rate',
  '/batchSize': 'Batch',
  '/epochs': 'Epochs',
  '/seed': 'Seed',
  '/replicas': 'Devices',
  '/accumulate': 'Batches an update',
  '/l1': 'L1',
  '/l2': 'L2',
  '/histogramsEvery': 'Histograms every, epochs,',
  '/optimizer/momentum': 'Momentum',
  '/optimizer/beta1': 'Beta 1',
  '/optimizer/beta2': 'Beta 2',
  '/optimizer/alpha': 'Alpha',
  '/optimizer/epsilon': 'Epsilon',
  '/optimizer/weightDecay': 'Decay',
  '/gradientClipping/limit': 'Clip gradients at most',
  '/ema/decay': 'Kept each update',
  '/loss/labelSmoothing': 'Label smoothing',
  '/loss/delta': 'Straight from',
  '/checkpoints/keepBest': 'Keep the best',
  '/checkpoints/everyEpochs': 'Keep one every, epochs,',
  '/schedule/warmupEpochs': 'Warm-up, epochs,',
  '/schedule/everyEpochs': 'Falls every, epochs,',
  '/schedule/factor': 'The schedule’s factor',
  '/schedule/finalRate': 'The schedule’s last rate',
  '/schedule/patience': 'The schedule’s patience',
  '/schedule/minDelta': 'The schedule’s least change',
  '/schedule/cooldownEpochs': 'Cooldown, epochs,',
  '/schedule/rise': 'Rise, share,',
  '/schedule/startDivisor': 'Start, rate ÷,',
  '/schedule/endDivisor': 'End, start ÷,',
  '/earlyStopping/patience': 'Patience of early stopping',
  '/earlyStopping/minDelta': 'Least change of early stopping',
  '/earlyStopping/warmupEpochs': 'Warm-up of early stopping',
  '/startFrom/secondStage/epoch': 'After epochs',
  '/startFrom/secondStage/learningRate': 'The second stage’s rate',
  '/augmentation/erasing/probability': 'Share of items with an erased box',
  '/augmentation/erasing/area': 'Area of the erased box',
  ...Object.fromEntries(
    Object.entries(TRANSFORM_WORDS).map(([key, words]) => [`/augmentation/${key}`, sentence(words)]),
  ),
};

/** A problem where the form tells it: "learningRate: must be at most 10" is of the field "Learning rate". */
export function fieldWords({ path, message }: ErrorItem): string {
  const label = LABELS[path];
  const name = `${path.slice(path.lastIndexOf('/') + 1)}: `;
  return label !== undefined && message.startsWith(name) ? `${label} ${message.slice(name.length)}` : message;
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
