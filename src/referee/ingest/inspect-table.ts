import { createHash } from 'node:crypto';
import { reportColumn, scanCell, startColumns } from '#core/data/column-typing.ts';
import { looksLikePixels, pointColumns } from '#core/data/keypoint-columns.ts';
import { proposeTarget } from '#core/data/propose-target.ts';
import { addProblem, emptyProblems, type Report } from '#core/data/report.ts';
import { AppError } from '#core/errors.ts';
import { type Csv, type CsvRow, openCsv, raggedMessage } from './csv.ts';
import { Fingerprints, reportDuplicates } from './duplicates.ts';
import { inspectKeypoints } from './inspect-keypoints.ts';
import type { Job } from './job.ts';
import type { TableFile, Upload } from './source.ts';

export const MAX_ROWS = 2_000_000;
const PREVIEW = 20;

/** One pass over a table: column types, rows that can't be used, rows that are the same. */
export async function inspectTable(job: Job, upload: Upload): Promise<Report> {
  const table = upload.table!;
  const csv = await openCsv(table.open(), table.name);
  const first = await csv.rows.next();
  if (first.done) throw new AppError('invalid_data', `${table.name} has a header but no rows.`);
  await job.done('unpacked');
  const rows = counted(job, table.name, first.value, csv.rows);
  const pixelAt = csv.header.findIndex((_, c) => looksLikePixels(first.value.cells[c] ?? ''));
  const points = pointColumns(csv.header);
  const part =
    pixelAt >= 0 && points.length
      ? await inspectKeypoints(csv, rows, table, pixelAt, points)
      : await inspectColumns(csv, rows, table);
  await job.done('checked');
  await job.holdForSorting(part.lines.length);
  const duplicates = reportDuplicates(part.prints.all(), (k) => `line ${part.lines[k]}`, null);
  await job.done('duplicates');
  const archive = upload.archive;
  const problems = archive ? archive.problems : emptyProblems();
  for (const p of part.problems.first) addProblem(problems, p.path, p.message);
  problems.total += part.problems.total - part.problems.first.length;
  return {
    source: { format: upload.format, bytes: upload.bytes, files: 1, ignored: archive?.ignored ?? 0, table: table.name },
    proposals: part.proposals,
    problems,
    duplicates,
    content: part.content,
  };
}

export type TablePart = Pick<Report, 'proposals' | 'problems' | 'content'> & { prints: Fingerprints; lines: number[] };

async function* counted(job: Job, file: string, first: CsvRow, rest: AsyncGenerator<CsvRow>): AsyncGenerator<CsvRow> {
  let n = 1;
  yield first;
  for await (const row of rest) {
    if (++n > MAX_ROWS) throw new AppError('invalid_data', `${file} has more than ${MAX_ROWS} rows. Upload fewer.`);
    if (n % 256 === 0) {
      job.signal.throwIfAborted();
      job.progress('checked', n, null);
    }
    yield row;
  }
}

async function inspectColumns(csv: Csv, rows: AsyncIterable<CsvRow>, table: TableFile): Promise<TablePart> {
  const problems = emptyProblems();
  const scans = startColumns(csv.header);
  const prints = new Fingerprints();
  const lines: number[] = [];
  const preview: { line: number; cells: string[] }[] = [];
  for await (const row of rows) {
    if (row.cells.length !== csv.header.length) {
      addProblem(problems, `${table.name}:${row.line}`, raggedMessage(row, csv.header));
      continue;
    }
    row.cells.forEach((cell, c) => {
      scanCell(scans[c]!, cell, row.line, csv.decimalComma);
    });
    prints.add(createHash('sha256').update(row.cells.join('\x1f')).digest());
    lines.push(row.line);
    if (preview.length < PREVIEW) preview.push({ line: row.line, cells: row.cells.map((c) => c.slice(0, 60)) });
  }
  if (!lines.length)
    throw new AppError('invalid_data', `${table.name}: no row has as many values as the header has names.`, {
      items: problems.first,
    });
  const columns = scans.map(reportColumn);
  const { target, proposals } = proposeTarget(columns);
  return {
    proposals,
    problems,
    prints,
    lines,
    content: { type: 'table', items: lines.length, columns, preview, target },
  };
}
