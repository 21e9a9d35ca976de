/** Eight hues in three shades: more lines than that can't be told apart. */
export const RUN_COLOURS = 24;

/**
 * Custom property of a run's colour, e.g. "--run-3". A run keeps it everywhere, from its number in the project: neighbours in time, which people
 * compare, have other hues, and of 24 in a row no two are alike.
 */
export function runColourVariable(number: number): string {
  return `--run-${((number - 1) % RUN_COLOURS) + 1}`;
}
