/** What one part of the tests came to. */
export interface Tally {
  passed: number;
  failed: number;
  /** each with its reason */
  skipped: { name: string; reason: string }[];
}

export function total(tallies: Tally[]): Tally {
  return {
    passed: tallies.reduce((sum, t) => sum + t.passed, 0),
    failed: tallies.reduce((sum, t) => sum + t.failed, 0),
    skipped: tallies.flatMap((t) => t.skipped),
  };
}

/** The last line of `npm test`: "12 passed, 0 failed, 1 skipped". */
export function closingLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`;
}
