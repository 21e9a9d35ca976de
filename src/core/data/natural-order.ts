const collator = new Intl.Collator('en', { numeric: true });

/** Class "2" before "10", and a total order: equal only for equal text. */
export function naturalOrder(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
