import { type DatasetSchema, inputOf, taskOf } from '#core/data/dataset-schema.ts';
import type { Pack } from '#core/data/pack.ts';
import { scoreClassification } from '#core/metric/classification.ts';
import { bootstrapRatio, resamples, wilson } from '#core/metric/interval.ts';
import { scoreRegression } from '#core/metric/regression.ts';
import type { ModelSpec } from '#core/model/spec.ts';
import { type TestResult, testResultSchema } from '#core/seal/result.ts';
import type { Engine, TensorMap } from '#engine/engine.ts';

/**
 * Scores one model on one part: the metric, its 95 % interval, and the constant answer of the train part beside it.
 * The same input gives the same result on the same engine: the bootstrap draws from the split's digest.
 * @param trainY labels or targets of the train part, for the baseline alone
 */
export async function scoreWeights(
  engine: Pick<Engine, 'predict'>,
  given: {
    schema: DatasetSchema;
    model: ModelSpec;
    weights: TensorMap;
    part: Pack;
    trainY: Pack['y'];
    splitDigest: string;
  },
): Promise<TestResult> {
  const { schema, part } = given;
  const answers = await engine.predict(given.model, inputOf(schema), taskOf(schema), given.weights, part.x, part.n);
  const result =
    'classes' in schema
      ? classification(schema.classes, answers, part.y as Int32Array, given.trainY as Int32Array)
      : regression(schema, answers, part, given.trainY as Float32Array, given.splitDigest);
  return testResultSchema.parse(result);
}

function classification(classes: string[], logits: Float32Array, labels: Int32Array, trainY: Int32Array): TestResult {
  const score = scoreClassification(logits, labels, classes.length);
  const frequency = new Array<number>(classes.length).fill(0);
  for (const label of trainY) frequency[label]!++;
  const most = frequency.indexOf(Math.max(...frequency));
  return {
    metric: 'accuracy',
    n: score.n,
    value: score.accuracy,
    right: score.right,
    interval: wilson(score.right, score.n),
    method: 'Wilson',
    baseline: {
      description: `always answers "${classes[most]}" (${rankWords(frequency)})`,
      value: score.perClass[most]!.items / score.n,
    },
    macroF1: score.macroF1,
    logLoss: score.logLoss,
    perClass: score.perClass.map((counts, i) => ({ name: classes[i]!, ...counts })),
  };
}

/** What the class that the baseline answers is among all: often no more frequent than others. */
function rankWords(frequency: readonly number[]): string {
  const largest = Math.max(...frequency);
  const alike = frequency.filter((items) => items === largest).length;
  if (alike === 1) return 'the most frequent class of the train part';
  return alike === frequency.length
    ? 'as good as any: all classes are equally frequent in the train part'
    : `one of the ${alike} most frequent classes of the train part`;
}

function regression(
  schema: Extract<DatasetSchema, { targets: unknown }>,
  predictions: Float32Array,
  part: Pack,
  trainY: Float32Array,
  splitDigest: string,
): TestResult {
  const width = schema.targets.length;
  const score = scoreRegression(predictions, part.y as Float32Array, width);
  const means = columnMeans(trainY, width);
  const constant = Float32Array.from({ length: part.n * width }, (_, i) => means[i % width]!);
  const task = taskOf(schema);
  return {
    metric: 'rmse',
    n: score.n,
    present: score.present,
    unit: task.kind === 'regression' ? task.unit : '',
    value: score.rmse,
    interval: score.rmse === null ? null : bootstrapRatio(score.squaredErrors, score.counts, Math.sqrt, splitDigest),
    method: `BCa bootstrap, ${resamples(part.n).toLocaleString('en-GB')} resamples of items`,
    baseline: {
      description:
        schema.kind === 'image-keypoints'
          ? 'always answers the mean points of the train part'
          : 'always answers the mean of the train part',
      value: scoreRegression(constant, part.y as Float32Array, width).rmse ?? 0,
    },
    mae: score.mae,
    r2: score.r2,
  };
}

/** Mean of each target over the items that have it; 0 where none has. */
function columnMeans(y: Float32Array, width: number): number[] {
  return Array.from({ length: width }, (_, t) => {
    let sum = 0;
    let count = 0;
    for (let i = t; i < y.length; i += width) {
      if (Number.isNaN(y[i]!)) continue;
      sum += y[i]!;
      count++;
    }
    return count > 0 ? sum / count : 0;
  });
}
