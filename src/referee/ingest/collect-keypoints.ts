import { createHash } from 'node:crypto';
import { pointColumns } from '#core/data/keypoint-columns.ts';
import { addProblem, emptyProblems, type KeypointContent } from '#core/data/report.ts';
import { type Collected, Numbers } from './collected.ts';
import { openCsv, raggedMessage } from './csv.ts';
import { Fingerprints } from './duplicates.ts';
import type { Job } from './job.ts';
import { readKeypointRow, targetColumns } from './keypoints.ts';
import { Scratch } from './scratch.ts';
import type { Upload } from './source.ts';

/** Every usable row of a keypoints table: grey pixels and coordinates. */
export async function collectKeypoints(
  job: Job,
  upload: Upload,
  content: KeypointContent,
  scratchFile: string,
): Promise<Collected> {
  const table = upload.table!;
  const csv = await openCsv(table.open(), table.name);
  const columns = targetColumns(csv.header, pointColumns(csv.header));
  const pixelAt = csv.header.indexOf(content.pixelColumn);
  const { side } = content;
  const x = new Scratch(scratchFile, side * side);
  const dropped = emptyProblems();
  const prints = new Fingerprints();
  const values = new Numbers();
  const lines: number[] = [];
  for await (const row of csv.rows) {
    job.signal.throwIfAborted();
    job.progress('split', lines.length, content.items);
    const read =
      row.cells.length === csv.header.length
        ? readKeypointRow(row.cells, columns, pixelAt, side, csv.decimalComma)
        : raggedMessage(row, csv.header);
    if (typeof read === 'string') {
      addProblem(dropped, `${table.name}:${row.line}`, read);
      continue;
    }
    x.add(read.pixels);
    prints.add(createHash('sha256').update(read.pixels).digest());
    values.add(read.targets);
    lines.push(row.line);
  }
  return {
    n: lines.length,
    x,
    input: { type: 'image', shape: { height: side, width: side, channels: 1 } },
    output: { type: 'numbers', targets: columns.map((c) => c.name), values: values.all() },
    fingerprints: prints.all(),
    nameOf: (item) => `line ${lines[item]}`,
    dropped,
  };
}
