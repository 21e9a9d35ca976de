/** Two-sided 95 %. */
export const CONFIDENCE = 0.95;

/** Distribution function of the standard normal; absolute error under 1.2e-7 (erfc by Press et al., Numerical Recipes, 6.2). */
export function normalCdf(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + z / 2);
  const poly =
    -1.26551223 +
    t *
      (1.00002368 +
        t *
          (0.37409196 +
            t *
              (0.09678418 +
                t *
                  (-0.18628806 +
                    t * (0.27886807 + t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277))))))));
  const tail = (t * Math.exp(-z * z + poly)) / 2;
  return x > 0 ? 1 - tail : tail;
}

const A = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
];
const B = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1];
const C = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const D = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];

const horner = (coefficients: number[], x: number) => coefficients.reduce((sum, c) => sum * x + c, 0);

/** Quantile of the standard normal, 0 < p < 1; relative error under 1.2e-9 (P. J. Acklam's rational approximation). */
export function normalQuantile(p: number): number {
  if (p <= 0) return Number.NEGATIVE_INFINITY;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  if (p > 0.97575) return -normalQuantile(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return horner(C, q) / horner(D, q);
  }
  const q = p - 0.5;
  return (horner(A, q * q) * q) / horner(B, q * q);
}

/** Quantile of chi-squared with k degrees of freedom (Wilson and Hilferty 1931); within 1 % for k >= 3 and 0.01 <= p <= 0.99. */
export function chiSquaredQuantile(p: number, k: number): number {
  const v = 2 / (9 * k);
  return k * Math.max(0, 1 - v + normalQuantile(p) * Math.sqrt(v)) ** 3;
}
