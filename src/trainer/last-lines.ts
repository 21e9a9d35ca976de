/** Said by TensorFlow and its libraries as they start, whatever then happens: after a kill it would read like the cause. */
const START_UP = [
  /oneDNN custom operations are on/,
  /^To enable the following instructions: /,
  /This TensorFlow binary is optimized to use available CPU instructions/,
  /All log messages before absl::InitializeLog\(\) is called are written to STDERR/,
  /Unable to register cu\w+ factory: Attempting to register factory for plugin/,
  /computation placer already registered/,
  /Could not find cuda drivers on your machine, GPU will not be used/,
  /MLIR V1 optimization pass is not enabled/,
];
const LINES = 20;

/** The last lines that a process said, for the log of a run that it left without a word. */
export class LastLines {
  #lines: string[] = [];

  add(text: string): void {
    const said = text.split('\n').filter((line) => line.trim() !== '' && !START_UP.some((one) => one.test(line)));
    this.#lines = [...this.#lines, ...said].slice(-LINES);
  }

  toString(): string {
    return this.#lines.join('\n');
  }
}
