/** Quantile 0.975 of Student's t for 1 to 30 degrees of freedom (NIST/SEMATECH e-Handbook, 1.3.6.7.2). */
const T_975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/** For a two-sided 95 % interval. Degrees between two whole numbers count as the lower, above 30 as 30: never too short. */
export function studentQuantile(degrees: number): number {
  if (!(degrees >= 1)) throw new RangeError(`No interval from ${degrees} degrees of freedom.`);
  return T_975[Math.min(T_975.length, Math.floor(degrees)) - 1]!;
}
