import { createHash } from 'node:crypto';
import { type Point, squareSide } from '#core/data/keypoint-columns.ts';
import { addProblem, emptyProblems, type KeypointContent } from '#core/data/report.ts';
import { AppError } from '#core/errors.ts';
import { type Csv, type CsvRow, raggedMessage } from './csv.ts';
import { Fingerprints } from './duplicates.ts';
import { pngUrl, toPng } from './image.ts';
import type { TablePart } from './inspect-table.ts';
import { readKeypointRow, targetColumns } from './keypoints.ts';
import type { TableFile } from './source.ts';

const SAMPLES = 24;

/** One pass over a keypoints table: images, coordinates and their gaps. */
export async function inspectKeypoints(
  csv: Csv,
  rows: AsyncIterable<CsvRow>,
  table: TableFile,
  pixelAt: number,
  points: Point[],
): Promise<TablePart> {
  const problems = emptyProblems();
  const prints = new Fingerprints();
  const lines: number[] = [];
  const columns = targetColumns(csv.header, points);
  const targets = columns.map(({ name }) => ({
    name,
    missing: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
  }));
  const samples: KeypointContent['samples'] = [];
  let side: number | null = null;
  let incomplete = 0;
  for await (const row of rows) {
    const at = `${table.name}:${row.line}`;
    if (row.cells.length !== csv.header.length) {
      addProblem(problems, at, raggedMessage(row, csv.header));
      continue;
    }
    const read = readKeypointRow(row.cells, columns, pixelAt, side, csv.decimalComma);
    if (typeof read === 'string') {
      addProblem(problems, at, read);
      continue;
    }
    side ??= squareSide(read.pixels.length)!;
    lines.push(row.line);
    prints.add(createHash('sha256').update(read.pixels).digest());
    if (read.targets.some(Number.isNaN)) incomplete++;
    read.targets.forEach((value, t) => {
      const target = targets[t]!;
      if (Number.isNaN(value)) target.missing++;
      else {
        target.min = Math.min(target.min, value);
        target.max = Math.max(target.max, value);
      }
    });
    if (samples.length < SAMPLES)
      samples.push({
        name: `line ${row.line}`,
        targets: [...read.targets].map((v) => (Number.isNaN(v) ? null : v)),
        png: pngUrl(await toPng(read.pixels, { height: side, width: side, channels: 1 }, 96)),
      });
  }
  if (side === null)
    throw new AppError('invalid_data', `${table.name}: no row can be read.`, { items: problems.first });
  const used = new Set([csv.header[pixelAt]!, ...columns.map((c) => c.name)]);
  return {
    proposals: [
      {
        kind: 'image-keypoints',
        reasons: [
          `"${csv.header[pixelAt]}" holds ${side} × ${side} grey values`,
          `${points.length} points with an x and a y column`,
        ],
      },
    ],
    problems,
    prints,
    lines,
    content: {
      type: 'keypoints',
      items: lines.length,
      pixelColumn: csv.header[pixelAt]!,
      side,
      points: points.map((p) => p.name),
      targets,
      incomplete,
      unused: csv.header.filter((name) => !used.has(name)),
      samples,
    },
  };
}
