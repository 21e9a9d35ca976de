/** Right, wrong and how sure, of one part. Needs one pass: O(items * classes). */
export interface ClassificationScore {
  n: number;
  right: number;
  accuracy: number;
  /** Mean of -ln(probability of the true class), softmax of the logits; null where a logit is not finite. */
  logLoss: number | null;
  /** Mean F1 over the classes that occur among labels or answers, as scikit-learn's f1_score(average="macro"). */
  macroF1: number;
  /** By class: how many items carry it, how many of those were right, how often it was answered. */
  perClass: { items: number; right: number; answered: number }[];
}

/**
 * @param logits float32 [N, classes], row-major. The answer is the largest; of equal ones the first; a row that holds NaN is wrong.
 * @param labels int32 [N], each in [0, classes)
 * @throws RangeError where shapes don't agree or a label is out of range
 */
export function scoreClassification(logits: Float32Array, labels: Int32Array, classes: number): ClassificationScore {
  const n = labels.length;
  if (n === 0 || logits.length !== n * classes) {
    throw new RangeError(`${logits.length} logits don't fit ${n} labels of ${classes} classes.`);
  }
  const perClass = Array.from({ length: classes }, () => ({ items: 0, right: 0, answered: 0 }));
  let right = 0;
  let loss = 0;
  for (let i = 0; i < n; i++) {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    const label = labels[i]!;
    const truth = perClass[label];
    if (!truth) throw new RangeError(`Label ${label} of item ${i} is not one of ${classes} classes.`);
    truth.items++;
    const answer = largest(row);
    if (answer !== null) perClass[answer]!.answered++;
    if (answer === label) {
      right++;
      truth.right++;
    }
    loss += answer === null ? Number.NaN : logSumExp(row, row[answer]!) - row[label]!;
  }
  const f1 = perClass.filter((c) => c.items + c.answered > 0).map((c) => (2 * c.right) / (c.items + c.answered));
  return {
    n,
    right,
    accuracy: right / n,
    logLoss: Number.isFinite(loss) ? loss / n : null,
    macroF1: f1.reduce((a, b) => a + b, 0) / Math.max(1, f1.length),
    perClass,
  };
}

function largest(row: Float32Array): number | null {
  let best = 0;
  for (let c = 0; c < row.length; c++) {
    if (Number.isNaN(row[c]!)) return null;
    if (row[c]! > row[best]!) best = c;
  }
  return best;
}

function logSumExp(row: Float32Array, max: number): number {
  let sum = 0;
  for (const v of row) sum += Math.exp(v - max);
  return max + Math.log(sum);
}
