import { type ColumnReport, isMissing, reportColumn, scanCell, startColumns } from '#core/data/column-typing.ts';
import { addProblem, emptyProblems, type ProblemList } from '#core/data/report.ts';
import { AppError } from '#core/errors.ts';
import { type CsvRow, openCsv } from './csv.ts';
import type { TableFile } from './source.ts';

/** A table beside images that gives their labels. */

export interface LabelsTable {
  file: string;
  nameColumn: string;
  columns: ColumnReport[];
  header: string[];
  /** image -> cells, in the order of the images; undefined where the table has no row */
  rows: (string[] | undefined)[];
  problems: ProblemList;
}

const MAX_ROWS = 1_000_000;

/** The table's labels by image, or null where no column names the images. */
export async function readLabelsTable(table: TableFile, images: readonly string[]): Promise<LabelsTable | null> {
  const csv = await openCsv(table.open(), table.name);
  const rows: CsvRow[] = [];
  for await (const row of csv.rows) {
    if (rows.length === MAX_ROWS) throw new AppError('invalid_data', `${table.name} has more than ${MAX_ROWS} rows.`);
    rows.push(row);
  }
  const index = indexNames(images);
  const nameAt = bestNameColumn(csv.header, rows, index);
  if (nameAt < 0) return null;

  const problems = emptyProblems();
  const scans = startColumns(csv.header);
  const found = new Array<string[] | undefined>(images.length);
  for (const { line, cells } of rows) {
    const at = `${table.name}:${line}`;
    if (cells.length !== csv.header.length) {
      addProblem(problems, at, `has ${cells.length} values; the header names ${csv.header.length} columns`);
      continue;
    }
    const image = index.get(key(cells[nameAt]!));
    if (image === undefined) addProblem(problems, at, `names "${cells[nameAt]}", which is not in the archive`);
    else if (found[image]) addProblem(problems, at, `names "${cells[nameAt]}" again`);
    else {
      found[image] = cells;
      cells.forEach((cell, c) => {
        scanCell(scans[c]!, cell, line, csv.decimalComma);
      });
    }
  }
  return {
    file: table.name,
    nameColumn: csv.header[nameAt]!,
    columns: scans.map(reportColumn),
    header: csv.header,
    rows: found,
    problems,
  };
}

const key = (name: string) => name.trim().replaceAll('\\', '/').replace(/^\.\//, '');

/** Every spelling that names one image only: its path, the end of its path, with and without the ending. */
function indexNames(images: readonly string[]): Map<string, number> {
  const index = new Map<string, number>();
  const shared = new Set<string>();
  const add = (name: string, i: number) => {
    if (index.get(name) === i || shared.has(name)) return;
    if (index.has(name)) {
      index.delete(name);
      shared.add(name);
    } else index.set(name, i);
  };
  images.forEach((name, i) => {
    const parts = name.split('/');
    for (let from = 0; from < parts.length; from++) {
      const tail = parts.slice(from).join('/');
      add(tail, i);
      add(tail.replace(/\.[^./]+$/, ''), i);
    }
  });
  return index;
}

function bestNameColumn(
  header: readonly string[],
  rows: readonly CsvRow[],
  index: ReadonlyMap<string, number>,
): number {
  const sample = rows.slice(0, 1000);
  let best = -1;
  let hits = sample.length * 0.2;
  header.forEach((_, c) => {
    const named = sample.filter(({ cells }) => index.has(key(cells[c] ?? ''))).length;
    if (named > hits) [best, hits] = [c, named];
  });
  return best;
}

export const hasLabel = (cell: string | undefined): cell is string => cell !== undefined && !isMissing(cell);
