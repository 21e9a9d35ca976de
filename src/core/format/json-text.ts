/** JSON that a person types: the value, and on which line each part of it stands, so that a message can name the line. */

export type JsonText =
  | { ok: true; value: unknown /** JSON pointer -> line, counted from 1 */; lines: Map<string, number> }
  | { ok: false; line: number; column: number; message: string };

class Slip extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** RFC 8259. Accepts exactly what JSON.parse accepts (a property test holds it to that), in O(length). */
export function parseJsonText(text: string): JsonText {
  const starts = new Map<string, number>();
  try {
    const end = skip(text, scan(text, skip(text, 0), '', starts));
    if (end < text.length) throw new Slip(end, 'nothing may follow the end of the JSON');
    const lineAt = lineCounter(text);
    return {
      ok: true,
      value: JSON.parse(text),
      lines: new Map([...starts].map(([pointer, at]) => [pointer, lineAt(at)])),
    };
  } catch (error) {
    if (!(error instanceof Slip)) throw error;
    const before = text.slice(0, error.at).split('\n');
    return { ok: false, line: before.length, column: before.at(-1)!.length + 1, message: error.message };
  }
}

/** The line of a JSON pointer, or of the nearest part around it that is in the text. */
export function lineOf(lines: ReadonlyMap<string, number>, pointer: string): number {
  for (let p = pointer; p !== ''; p = p.slice(0, p.lastIndexOf('/'))) {
    const line = lines.get(p);
    if (line !== undefined) return line;
  }
  return lines.get('') ?? 1;
}

function lineCounter(text: string): (at: number) => number {
  let line = 1;
  let upTo = 0;
  return (at) => {
    for (; upTo < at; upTo++) if (text[upTo] === '\n') line++;
    return line;
  };
}

function skip(text: string, at: number): number {
  while (at < text.length && ' \t\n\r'.includes(text[at]!)) at++;
  return at;
}

/** Index behind the value that begins at `at`. Starts are recorded in the order of the text. */
function scan(text: string, at: number, pointer: string, starts: Map<string, number>): number {
  if (!starts.has(pointer)) starts.set(pointer, at);
  const c = text[at];
  if (c === '{') return scanMany(text, at, '}', (from) => scanEntry(text, from, pointer, starts));
  if (c === '[') {
    let i = 0;
    return scanMany(text, at, ']', (from) => scan(text, from, `${pointer}/${i++}`, starts));
  }
  if (c === '"') return scanString(text, at);
  const word = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/.exec(
    text.slice(at, at + 400),
  );
  if (word) return at + word[0].length;
  if (at >= text.length) throw new Slip(at, 'the text ends too early');
  if (c === "'") throw new Slip(at, 'strings take double quotes');
  throw new Slip(at, 'expected a value: a number, "text", true, false, null, { or [');
}

function scanMany(text: string, open: number, close: '}' | ']', item: (at: number) => number): number {
  let at = skip(text, open + 1);
  if (text[at] === close) return at + 1;
  for (;;) {
    at = skip(text, item(at));
    if (text[at] === close) return at + 1;
    if (text[at] !== ',') throw new Slip(at, at >= text.length ? `missing ${close}` : `expected a comma or ${close}`);
    const comma = at;
    at = skip(text, at + 1);
    if (text[at] === close) throw new Slip(comma, `no comma before ${close}`);
  }
}

function scanEntry(text: string, at: number, pointer: string, starts: Map<string, number>): number {
  if (text[at] !== '"') throw new Slip(at, 'expected a name in double quotes');
  const end = scanString(text, at);
  const key = (JSON.parse(text.slice(at, end)) as string).replaceAll('~', '~0').replaceAll('/', '~1');
  const colon = skip(text, end);
  if (text[colon] !== ':') throw new Slip(colon, 'expected a colon after the name');
  return scan(text, skip(text, colon + 1), `${pointer}/${key}`, starts);
}

function scanString(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const c = text[i]!;
    if (c === '"') return i + 1;
    if (c < ' ') throw new Slip(at, 'this text has no closing quote on its line');
    if (c !== '\\') continue;
    const escaped = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(i, i + 6));
    if (!escaped) throw new Slip(i, 'a backslash here needs one of " \\ / b f n r t u');
    i += escaped[0].length - 1;
  }
  throw new Slip(at, 'this text has no closing quote');
}
