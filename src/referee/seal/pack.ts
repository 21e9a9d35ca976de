import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import { featureCount, rowEncoder } from '#core/data/encode-row.ts';
import { packLayout } from '#core/data/pack.ts';
import type { PackItem } from '#core/data/sealed-report.ts';
import { layoutSafetensors } from '#core/format/safetensors.ts';
import type { Collected } from '../ingest/collected.ts';

/**
 * One part as a safetensors file, streamed: `x` and `y` as #core/data/pack.ts lays them out. For browsing, `items` uint8 [bytes] holds one JSON line an item (PackItem) and `itemEnds` int32 [N] where
 * each line ends.
 */
export async function* packPart(
  data: Collected,
  items: readonly number[],
  schema: DatasetSchema,
): AsyncGenerator<Uint8Array> {
  const itemEnds = new Int32Array(items.length);
  let bytes = 0;
  let k = 0;
  for await (const line of itemLines(data, items)) {
    bytes += line.length;
    itemEnds[k++] = bytes;
  }
  if (bytes >= 2 ** 31) throw new RangeError('The raw values of one part take more than 2 GB.');
  const { x, y } = packLayout(schema, items.length);
  const { header, entries } = layoutSafetensors(
    [
      ['x', x],
      ['y', y],
      ['items', { dtype: 'uint8', shape: [bytes] }],
      ['itemEnds', { dtype: 'int32', shape: [items.length] }],
    ],
    { format: 'holdout-pack-1' },
  );
  const write: Record<string, () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>> = {
    x: () => (schema.kind.startsWith('image') ? data.x.blocks(items) : encodedRows(data, items, schema)),
    y: () => [answers(data, items, schema)],
    items: () => itemLines(data, items),
    itemEnds: () => [new Uint8Array(itemEnds.buffer)],
  };
  yield header;
  for (const [name] of [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)) yield* write[name]!();
}

function answers({ output }: Collected, items: readonly number[], schema: DatasetSchema): Uint8Array {
  if (output.type === 'classes') {
    const index = new Map(('classes' in schema ? schema.classes : []).map((name, i) => [name, i]));
    return new Uint8Array(Int32Array.from(items, (item) => index.get(output.of[item]!)!).buffer);
  }
  const width = output.targets.length;
  const y = new Float32Array(items.length * width);
  items.forEach((item, k) => {
    y.set(output.values.subarray(item * width, (item + 1) * width), k * width);
  });
  return new Uint8Array(y.buffer);
}

async function* encodedRows(data: Collected, items: readonly number[], schema: DatasetSchema): AsyncGenerator<Buffer> {
  if (!('columns' in schema) || data.input.type !== 'table') throw new Error('Only tables are encoded.');
  const width = featureCount(schema.columns);
  const encode = rowEncoder(schema.columns, data.input.columns);
  const rowsPerBlock = Math.max(1, Math.floor((1 << 18) / width));
  let block = new Float32Array(rowsPerBlock * width);
  let filled = 0;
  for await (const row of data.x.rows(items)) {
    encode(row, block.subarray(filled * width, (filled + 1) * width));
    if (++filled < rowsPerBlock) continue;
    yield Buffer.from(block.buffer);
    block = new Float32Array(rowsPerBlock * width);
    filled = 0;
  }
  yield Buffer.from(block.buffer, 0, filled * width * 4);
}

async function* itemLines(data: Collected, items: readonly number[]): AsyncGenerator<Buffer> {
  const { input } = data;
  if (input.type === 'image') {
    for (const item of items) yield line(itemOf(data, item));
    return;
  }
  let k = 0;
  for await (const row of data.x.rows(items)) {
    const values = input.columns.map((column, c) => {
      const value = row[c]!;
      if (Number.isNaN(value)) return null;
      return column.type === 'categorical' ? column.categories[value]! : value;
    });
    yield line({ ...itemOf(data, items[k++]!), values });
  }
}

function itemOf({ output, nameOf }: Collected, item: number): PackItem {
  const name = nameOf(item);
  if (output.type === 'classes') return { name, label: output.of[item]! };
  const width = output.targets.length;
  const targets = [...output.values.subarray(item * width, (item + 1) * width)];
  return { name, targets: targets.map((v) => (Number.isNaN(v) ? null : v)) };
}

const line = (item: PackItem) => Buffer.from(`${JSON.stringify(item)}\n`);
