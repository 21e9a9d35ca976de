import { createHash } from 'node:crypto';
import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import { checkPackShapes } from '#core/data/pack.ts';
import type { PackItem } from '#core/data/sealed-report.ts';
import { AppError } from '#core/errors.ts';
import { parseSafetensorsHeader, type SafeHeader, safetensorsHeaderBytes } from '#core/format/safetensors.ts';

/** A pack that is read by range: a part of a data set, the sealed one as the referee has opened it among them. */
export interface PackFile {
  bytes: number;
  range(start: number, end: number): Promise<Buffer>;
}

const BLOCK_BYTES = 1 << 22;

/**
 * What makes an item the same item in whichever data set it lies, one key an item, in the pack's order: its pixels, or its values
 * by the columns' names. Labels and names of files count for nothing. Reads a block at a time; O(bytes).
 * Throws AppError invalid_data where the file is no pack of that schema.
 */
export async function* itemKeys(file: PackFile, schema: DatasetSchema, what: string): AsyncGenerator<string> {
  const length = safetensorsHeaderBytes(await file.range(0, Math.min(8, file.bytes)), file.bytes, what);
  const header = parseSafetensorsHeader(await file.range(0, length), file.bytes, what);
  checkPackShapes(header.entries, schema, what);
  yield* 'columns' in schema
    ? rowKeys(
        file,
        header,
        schema.columns.map((c) => c.name),
        what,
      )
    : imageKeys(file, header, what);
}

async function* imageKeys(file: PackFile, header: SafeHeader, what: string): AsyncGenerator<string> {
  const { begin, end, shape } = tensorIn(header, 'x', what);
  const size = shape.slice(1).reduce((a, b) => a * b, 1);
  const step = size * Math.max(1, Math.floor(BLOCK_BYTES / size));
  for (let at = begin; at < end; at += step) {
    const block = await file.range(at, Math.min(end, at + step));
    for (let i = 0; i < block.length; i += size) yield keyOf(block.subarray(i, i + size));
  }
}

async function* rowKeys(
  file: PackFile,
  header: SafeHeader,
  columns: readonly string[],
  what: string,
): AsyncGenerator<string> {
  const order = columns.map((name, i) => ({ name, i })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const { begin, end } = tensorIn(header, 'items', what);
  let rest = Buffer.alloc(0);
  for (let at = begin; at < end; at += BLOCK_BYTES) {
    const block = Buffer.concat([rest, await file.range(at, Math.min(end, at + BLOCK_BYTES))]);
    let from = 0;
    for (let to = block.indexOf(10); to >= 0; to = block.indexOf(10, from)) {
      const values = valuesIn(block.toString('utf8', from, to));
      if (values?.length !== columns.length)
        throw new AppError('invalid_data', `${what} holds a row of other columns.`);
      yield keyOf(JSON.stringify(order.map(({ i }) => values[i])));
      from = to + 1;
    }
    rest = block.subarray(from);
  }
}

/** As text: a column may be numeric in one data set and categorical in the other. Null where the line is no item with values. */
function valuesIn(line: string): (string | null)[] | null {
  try {
    const { values } = JSON.parse(line) as PackItem;
    return values!.map((value) => (value === null ? null : String(value)));
  } catch {
    return null;
  }
}

const keyOf = (content: Buffer | string) => createHash('sha256').update(content).digest('base64');

function tensorIn({ entries }: SafeHeader, name: string, what: string) {
  const entry = entries.get(name);
  if (!entry) throw new AppError('invalid_data', `${what} holds no tensor "${name}".`);
  return entry;
}
