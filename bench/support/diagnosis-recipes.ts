import type { RunConfigInput } from '#core/config/run-config.ts';
import type { DiagnosisKind } from '#core/run/diagnosis/index.ts';

export interface Recipe {
  label: DiagnosisKind;
  table: 'iris' | 'digits' | 'diabetes' | 'mnist';
  train: number;
  validation: number;
  /** of 3 x 3 convolutions, each followed by max pooling; images alone */
  filters?: number[];
  hidden: number[];
  dropout?: number;
  config: Partial<RunConfigInput> & { learningRate: number; epochs: number };
  /** share of train labels that are drawn anew */
  labelNoise?: number;
  /** the validation items also stand in the train part, this many times */
  leak?: number;
}

const adam = { kind: 'adam' } as const;
const sgd = { kind: 'sgd' } as const;
/** What each state was made with; `pick` chooses among values by the run's number. */
export function recipes(pick: <T>(...values: T[]) => T): Recipe[] {
  return [
    {
      label: 'healthy',
      table: 'digits',
      train: pick(900, 1200, 1300),
      validation: pick(270, 400),
      hidden: [pick(16, 24, 32, 48)],
      config: { optimizer: adam, learningRate: pick(0.001, 0.002), batchSize: 32, epochs: pick(15, 20, 30) },
    },
    {
      label: 'healthy',
      table: pick('digits', 'digits', 'iris'),
      train: pick(110, 115),
      validation: 35,
      hidden: [pick(8, 16)],
      config: {
        optimizer: adam,
        learningRate: pick(0.003, 0.005),
        batchSize: 16,
        epochs: 80,
        earlyStopping: { metric: 'loss', direction: 'min', patience: pick(4, 6) },
      },
    },
    {
      label: 'underfitting',
      table: 'digits',
      train: pick(600, 1000),
      validation: 300,
      hidden: [pick(1, 2)],
      config: { optimizer: adam, learningRate: pick(0.002, 0.005), batchSize: 32, epochs: pick(25, 40) },
    },
    {
      label: 'underfitting',
      table: pick('digits', 'diabetes', 'iris'),
      train: 100,
      validation: pick(40, 45),
      hidden: [pick(8, 16)],
      config: { optimizer: sgd, learningRate: pick(1e-5, 3e-5), batchSize: 16, epochs: 30 },
    },
    {
      label: 'overfitting',
      table: 'digits',
      train: pick(60, 100, 150),
      validation: pick(300, 600),
      hidden: [pick(64, 128, 256), 64],
      config: { optimizer: adam, learningRate: pick(0.003, 0.005), batchSize: 16, epochs: pick(60, 90) },
      labelNoise: pick(0, 0.1, 0.2),
    },
    {
      label: 'overfitting',
      table: 'diabetes',
      train: pick(150, 300),
      validation: 100,
      hidden: [pick(64, 128), 64],
      config: { optimizer: adam, learningRate: pick(0.001, 0.002), batchSize: 16, epochs: pick(60, 80) },
    },
    {
      label: 'plateau',
      table: 'diabetes',
      train: pick(250, 320),
      validation: pick(100, 120),
      hidden: [],
      config: { optimizer: adam, learningRate: pick(0.01, 0.02), batchSize: 32, epochs: pick(60, 80) },
    },
    {
      label: 'plateau',
      table: 'digits',
      train: pick(700, 1000),
      validation: 350,
      hidden: [pick(16, 32)],
      config: { optimizer: adam, learningRate: 0.003, batchSize: 32, epochs: pick(40, 60), l2: pick(0.02, 0.03, 0.04) },
    },
    {
      label: 'diverging',
      table: pick('digits', 'diabetes', 'iris'),
      train: pick(100, 250),
      validation: 40,
      hidden: [32, 32],
      config: { optimizer: sgd, learningRate: pick(1, 2, 5), batchSize: 16, epochs: 25 },
    },
    {
      label: 'diverging',
      table: pick('diabetes', 'digits'),
      train: 200,
      validation: 80,
      hidden: [pick(64, 128), 64],
      config: { optimizer: adam, learningRate: pick(0.5, 1, 2), batchSize: 16, epochs: 25 },
    },
    {
      label: 'unstable',
      table: pick('digits', 'diabetes', 'iris'),
      train: pick(110, 300),
      validation: pick(35, 40),
      hidden: [pick(32, 64)],
      config: { optimizer: adam, learningRate: pick(0.05, 0.08, 0.12), batchSize: pick(4, 8), epochs: 40 },
    },
    {
      label: 'unstable',
      table: 'digits',
      train: pick(300, 500),
      validation: 120,
      hidden: [pick(32, 64), 32],
      config: { optimizer: adam, learningRate: pick(0.03, 0.04, 0.05), batchSize: pick(4, 8), epochs: 40 },
    },
    {
      label: 'validation_easier',
      table: 'digits',
      train: pick(900, 1200),
      validation: pick(300, 500),
      hidden: pick([48], [64], [64, 64]),
      dropout: pick(0.6, 0.7),
      config: { optimizer: adam, learningRate: pick(0.002, 0.003), batchSize: 32, epochs: pick(25, 30) },
    },
    {
      label: 'leak_or_noise',
      table: 'digits',
      train: pick(800, 1200),
      validation: pick(300, 400),
      hidden: [pick(8, 16, 24)],
      labelNoise: pick(0.3, 0.4),
      config: { optimizer: adam, learningRate: pick(0.002, 0.004), batchSize: 32, epochs: pick(15, 20) },
    },
    {
      label: 'leak_or_noise',
      table: 'digits',
      train: pick(500, 700),
      validation: pick(100, 150),
      hidden: [pick(3, 4, 5)],
      leak: pick(4, 6),
      labelNoise: pick(0.1, 0.2),
      config: { optimizer: adam, learningRate: pick(0.004, 0.006), batchSize: 32, epochs: pick(25, 40) },
    },
    {
      label: 'unclear',
      table: pick('iris', 'digits', 'diabetes'),
      train: 100,
      validation: pick(20, 45),
      hidden: [pick(8, 32)],
      config: { optimizer: adam, learningRate: pick(0.001, 0.005), batchSize: 16, epochs: pick(2, 3, 4) },
    },
    {
      label: 'unclear',
      table: pick('digits', 'diabetes'),
      train: pick(150, 300),
      validation: pick(3, 4),
      hidden: [16],
      dropout: 0.2,
      config: { optimizer: adam, learningRate: pick(0.015, 0.025), batchSize: 4, epochs: 25 },
    },
    {
      label: 'healthy',
      table: 'mnist',
      train: pick(900, 1300),
      validation: pick(300, 400),
      filters: [pick(4, 8), 16],
      hidden: [pick(16, 32)],
      config: { optimizer: adam, learningRate: pick(0.001, 0.002), batchSize: 32, epochs: pick(8, 12) },
    },
    {
      label: 'healthy',
      table: 'mnist',
      train: pick(500, 800),
      validation: 300,
      filters: [8, 16],
      hidden: [32],
      dropout: 0.2,
      config: {
        optimizer: adam,
        learningRate: 0.002,
        batchSize: 32,
        epochs: 40,
        earlyStopping: { metric: 'loss', direction: 'min', patience: pick(3, 5) },
      },
    },
    {
      label: 'underfitting',
      table: 'mnist',
      train: pick(400, 600),
      validation: 300,
      filters: [pick(1, 2)],
      hidden: pick<number[]>([], [1], [2]),
      config: { optimizer: sgd, learningRate: pick(1e-4, 3e-4), batchSize: 32, epochs: pick(12, 18) },
    },
    {
      label: 'overfitting',
      table: 'mnist',
      train: pick(80, 120, 160),
      validation: pick(300, 400),
      filters: [pick(8, 16), 16],
      hidden: [pick(32, 64)],
      labelNoise: pick(0, 0.1, 0.2),
      config: { optimizer: adam, learningRate: pick(0.002, 0.003), batchSize: 16, epochs: pick(40, 50) },
    },
    {
      label: 'diverging',
      table: 'mnist',
      train: pick(200, 300),
      validation: 100,
      filters: [8],
      hidden: [32],
      config: {
        optimizer: pick<RunConfigInput['optimizer']>(sgd, adam),
        learningRate: pick(0.5, 1, 2),
        batchSize: 16,
        epochs: 15,
      },
    },
    {
      label: 'unstable',
      table: 'mnist',
      train: pick(300, 500),
      validation: 200,
      filters: [8],
      hidden: [pick(16, 32)],
      config: { optimizer: adam, learningRate: pick(0.015, 0.02, 0.03), batchSize: pick(4, 8), epochs: 25 },
    },
    {
      label: 'unstable',
      table: pick('digits', 'iris'),
      train: pick(110, 115),
      validation: 35,
      hidden: [pick(32, 64), 32],
      config: {
        optimizer: { kind: 'sgd', momentum: 0.9 },
        learningRate: pick(0.1, 0.15, 0.2),
        batchSize: pick(4, 8),
        epochs: 40,
      },
    },
    {
      label: 'validation_easier',
      table: 'mnist',
      train: pick(900, 1200),
      validation: pick(300, 400),
      filters: [8, 16],
      hidden: [32],
      dropout: pick(0.5, 0.6),
      config: { optimizer: adam, learningRate: pick(0.001, 0.002), batchSize: 32, epochs: pick(10, 14) },
    },
    {
      label: 'validation_easier',
      table: 'mnist',
      train: pick(700, 900),
      validation: pick(300, 400),
      filters: [8, 16],
      hidden: [32],
      config: {
        optimizer: adam,
        learningRate: 0.002,
        batchSize: 32,
        epochs: pick(10, 12),
        augmentation: pick<NonNullable<RunConfigInput['augmentation']>>(
          { rotation: 40, translation: 0.2, zoom: 0.2 },
          { rotation: 20, mixup: 0.4 },
          { shear: 30, noise: 0.3, erasing: { probability: 0.7 } },
        ),
      },
    },
    {
      label: 'leak_or_noise',
      table: 'mnist',
      train: pick(900, 1200),
      validation: pick(300, 400),
      filters: [4],
      hidden: [16],
      labelNoise: pick(0.3, 0.4),
      config: { optimizer: adam, learningRate: pick(0.001, 0.002), batchSize: 32, epochs: pick(8, 12) },
    },
    {
      label: 'unclear',
      table: 'mnist',
      train: pick(200, 400),
      validation: pick(100, 200),
      filters: [8],
      hidden: [16],
      config: { optimizer: adam, learningRate: 0.001, batchSize: 32, epochs: pick(2, 3, 4) },
    },
  ];
}
