import { createHash } from 'node:crypto';
import { categoryOf, isMissing, parseNumber } from '#core/data/column-typing.ts';
import { columnType, type TableDecision } from '#core/data/decision.ts';
import type { FeatureColumn } from '#core/data/encode-row.ts';
import { addProblem, emptyProblems, type TableContent } from '#core/data/report.ts';
import { type Collected, Numbers } from './collected.ts';
import { openCsv, raggedMessage } from './csv.ts';
import { Fingerprints } from './duplicates.ts';
import type { Job } from './job.ts';
import { Scratch } from './scratch.ts';
import type { Upload } from './source.ts';

/** Every usable row of a table, its columns typed as decided. */
export async function collectTable(
  job: Job,
  upload: Upload,
  content: TableContent,
  decision: TableDecision,
  scratchFile: string,
): Promise<Collected> {
  const table = upload.table!;
  const csv = await openCsv(table.open(), table.name);
  const reader = new RowReader(content, decision, csv.header, csv.decimalComma);
  const x = new Scratch(scratchFile, Math.max(1, reader.columns.length) * 8);
  const dropped = emptyProblems();
  const prints = new Fingerprints();
  const lines: number[] = [];
  const of: string[] = [];
  const values = new Numbers();
  for await (const row of csv.rows) {
    if (row.line % 256 === 0) {
      job.signal.throwIfAborted();
      job.progress('split', lines.length, content.items);
    }
    const problem = row.cells.length === csv.header.length ? reader.read(row.cells) : raggedMessage(row, csv.header);
    if (problem) {
      addProblem(dropped, `${table.name}:${row.line}`, problem);
      continue;
    }
    x.add(new Uint8Array(reader.row.buffer));
    prints.add(reader.fingerprint());
    lines.push(row.line);
    if (decision.kind === 'tabular-classification') of.push(reader.label);
    else values.add([reader.value]);
  }
  return {
    n: lines.length,
    x,
    input: { type: 'table', columns: reader.columns },
    output:
      decision.kind === 'tabular-classification'
        ? { type: 'classes', target: decision.target, of }
        : { type: 'numbers', targets: [decision.target], values: values.all() },
    fingerprints: prints.all(),
    nameOf: (item) => `line ${lines[item]}`,
    dropped,
  };
}

/** Reads one row at a time into fields of its own, so that a million rows make no garbage. */
class RowReader {
  readonly columns: (FeatureColumn & { categories: string[] })[] = [];
  readonly row: Float64Array;
  label = '';
  value = Number.NaN;
  readonly #places: number[] = [];
  readonly #indices: Map<string, number>[] = [];
  readonly #text: string[] = [];
  readonly #targetAt: number;
  readonly #decision: TableDecision;
  readonly #comma: boolean;

  constructor(content: TableContent, decision: TableDecision, header: readonly string[], decimalComma: boolean) {
    this.#decision = decision;
    this.#comma = decimalComma;
    this.#targetAt = header.indexOf(decision.target);
    for (const column of content.columns) {
      const type = columnType(column, decision);
      if (column.name === decision.target || type === 'ignored') continue;
      this.columns.push({ name: column.name, type, categories: [] });
      this.#places.push(header.indexOf(column.name));
      this.#indices.push(new Map());
    }
    this.row = new Float64Array(Math.max(1, this.columns.length));
  }

  /** What is wrong with the row, or null when `row`, and `label` or `value`, hold it. */
  read(cells: readonly string[]): string | null {
    const target = cells[this.#targetAt]!;
    if (isMissing(target)) return `${this.#decision.target} has no value`;
    if (this.#decision.kind === 'tabular-classification') this.label = categoryOf(target, this.#comma);
    else {
      const value = parseNumber(target, this.#comma);
      if (value === null) return `${this.#decision.target} is not a number`;
      this.value = value;
    }
    for (const [c, column] of this.columns.entries()) {
      const cell = cells[this.#places[c]!]!;
      const missing = isMissing(cell);
      const number = missing
        ? Number.NaN
        : column.type === 'numeric'
          ? parseNumber(cell, this.#comma)
          : this.#category(c, cell);
      if (number === null) return `${column.name} is not a number`;
      this.row[c] = number;
      this.#text[c] = missing ? '' : column.type === 'numeric' ? String(number) : column.categories[number]!;
    }
    return null;
  }

  #category(c: number, cell: string): number {
    const name = categoryOf(cell, this.#comma);
    const indices = this.#indices[c]!;
    let index = indices.get(name);
    if (index === undefined) {
      index = indices.size;
      indices.set(name, index);
      this.columns[c]!.categories.push(name);
    }
    return index;
  }

  /** Of the values, not of their spelling or of the order in which categories came. */
  fingerprint(): Buffer {
    return createHash('sha256').update(this.#text.join('\x1f')).digest();
  }
}
