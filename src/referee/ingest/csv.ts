import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { isMissing, parseNumber } from '#core/data/column-typing.ts';
import { AppError } from '#core/errors.ts';
import { utf8Lines } from './utf8.ts';

/** A table file, read row by row. */

export interface CsvRow {
  /** in the file, counted from 1 */
  line: number;
  cells: string[];
}
export interface Csv {
  header: string[];
  /** "1,5" is a number here, because columns are separated by something else */
  decimalComma: boolean;
  /** Every row, also those with too few or too many cells. Can be read once. */
  rows: AsyncGenerator<CsvRow>;
}

const DELIMITERS = [',', ';', '\t'];
const MAX_COLUMNS = 20_000;

/** @throws AppError `invalid_data` naming the file and line: empty, not UTF-8, no usable header, an open quote */
export async function openCsv(source: AsyncIterable<Buffer>, file: string): Promise<Csv> {
  const lines = utf8Lines(source, file);
  const head = await lines.next();
  if (head.done) throw new AppError('invalid_data', `${file} is empty: 0 bytes.`);
  const text = head.value.toString('utf8').replace(/^\uFEFF/, '');
  const firstLine = text.split(/\r?\n/).find((l) => l.trim()) ?? '';
  const delimiter = delimiterOf(firstLine);

  const input = Readable.from(chain(head.value, lines), { objectMode: false, highWaterMark: 1 << 20 });
  const parser = parse({
    bom: true,
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    info: true,
    max_record_size: 64 * 2 ** 20,
  });
  input.on('error', (error) => parser.destroy(error));
  input.pipe(parser);
  const records = translate(parser as AsyncIterable<{ record: string[]; info: { lines: number } }>, file);
  const first = await records.next();
  if (first.done) throw new AppError('invalid_data', `${file} has no header line.`);
  const header = first.value.cells.map((name) => name.trim());
  checkHeader(header, first.value.line, file);
  return { header, decimalComma: delimiter !== ',', rows: records };
}

async function* chain(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

async function* translate(
  records: AsyncIterable<{ record: string[]; info: { lines: number } }>,
  file: string,
): AsyncGenerator<CsvRow> {
  try {
    for await (const { record, info } of records) yield { line: info.lines, cells: record };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = (error as CsvError & { lines?: number }).lines ?? 0;
    throw new AppError(
      'invalid_data',
      `${file}:${line} can't be read: ${error.message}. Mend the quotes there and upload the file again.`,
      {
        items: [{ path: `${file}:${line}`, message: error.message }],
      },
    );
  }
}

/** The one that cuts the header into most columns, quoted text left out. */
function delimiterOf(header: string): string {
  const plain = header.replace(/"([^"]|"")*"/g, '');
  const count = (d: string) => plain.split(d).length;
  return DELIMITERS.reduce((best, d) => (count(d) > count(best) ? d : best));
}

function checkHeader(header: string[], line: number, file: string): void {
  const refuse = (message: string) => {
    throw new AppError('invalid_data', `${file}:${line} ${message}`, { items: [{ path: `${file}:${line}`, message }] });
  };
  if (header.length > MAX_COLUMNS) refuse(`has ${header.length} columns; at most ${MAX_COLUMNS} can be read.`);
  if (header.length > 1 && header.every((name) => isMissing(name) || parseNumber(name) !== null))
    refuse('should name the columns but holds only numbers. Put a header line first.');
  const seen = new Map<string, number>();
  header.forEach((name, i) => {
    // R and pandas write the row's number under an empty name.
    if (name === '' && i === 0) header[0] = name = 'row';
    if (name === '') refuse(`gives column ${i + 1} no name. Name every column.`);
    const before = seen.get(name);
    if (before !== undefined)
      refuse(`names two columns "${name}" (columns ${before + 1} and ${i + 1}). Rename one of them.`);
    seen.set(name, i);
  });
}

export function raggedMessage(row: CsvRow, header: readonly string[]): string {
  return `has ${row.cells.length} ${row.cells.length === 1 ? 'value' : 'values'}; the header names ${header.length} columns`;
}
