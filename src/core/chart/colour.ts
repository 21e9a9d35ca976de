export const RUN_COLOURS = 8;

/** A run keeps its colour everywhere, from its number in the project: neighbours in time, which people compare, never share one of the eight. */
export function runColour(number: number): number {
  return ((number - 1) % RUN_COLOURS) + 1;
}

/** CSS custom property of a run's colour, e.g. "--run-3". */
export function runColourVariable(number: number): string {
  return `--run-${runColour(number)}`;
}
