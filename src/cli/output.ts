import { AppError } from '#core/errors.ts';

/** Results go to stdout, everything a person reads along the way to stderr, so that pipes stay clean. */

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Columns of text, aligned; numbers to the right. An empty list says so. */
export function printTable(head: string[], rows: (string | number | null)[][], empty: string): void {
  if (rows.length === 0) {
    say(empty);
    return;
  }
  const text = rows.map((row) => row.map((cell) => (cell === null ? '-' : String(cell))));
  const right = head.map((_, i) => rows.every((row) => typeof row[i] === 'number' || row[i] === null));
  const width = head.map((title, i) => Math.max(title.length, ...text.map((row) => row[i]!.length)));
  for (const row of [head, ...text]) {
    const cells = row.map((cell, i) => (right[i] ? cell.padStart(width[i]!) : cell.padEnd(width[i]!)));
    process.stdout.write(`${cells.join('  ').trimEnd()}\n`);
  }
}

/** Names and values, one a line. What is null is left out. */
export function printFields(fields: Record<string, string | number | null | undefined>): void {
  const shown = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== '');
  const width = Math.max(...shown.map(([name]) => name.length));
  for (const [name, value] of shown) process.stdout.write(`${name.padEnd(width)}  ${value}\n`);
}

export function printError(error: unknown, json: boolean): void {
  const known = error instanceof AppError ? error : null;
  const message = known?.message ?? 'Something broke in this command. Please report what follows.';
  if (json) {
    process.stderr.write(
      `${JSON.stringify({ error: { code: known?.code ?? 'internal', message, items: known?.items ?? [] } })}\n`,
    );
    return;
  }
  say(`holdout: ${asSent(message)}`);
  // A message about one thing alone is that thing's own.
  const others = (known?.items ?? []).filter((item) => item.message !== message);
  const lines = others.map((item) => `${item.path}: ${item.message}`);
  for (const line of lines) if (!message.includes(line)) say(`  ${asSent(line)}`);
}

/** The server speaks of the request's body; who typed a command knows none. */
function asSent(words: string): string {
  return words.replace('The body does not fit', 'What was sent does not fit').replaceAll(/\/body\/(config\/)?/g, '');
}

/** One word of a POSIX shell's command line, whatever it holds. */
export function shellQuoted(word: string): string {
  return /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A metric with the digits that its noise deserves. */
export function metric(value: number | null | undefined): string {
  if (value === null || value === undefined) return 'not a number';
  return Math.abs(value) >= 1000 ? value.toFixed(1) : value.toPrecision(4);
}

export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB'];
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), units.length);
  return `${(bytes / 1024 ** power).toFixed(1)} ${units[power - 1]}`;
}
