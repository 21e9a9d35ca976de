import { open } from 'node:fs/promises';
import type { Pool } from 'pg';
import { inputShape } from '#core/model/plan.ts';
import type { InputSpec } from '#core/model/spec.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import { readPackItems } from '#db/blobs/pack-items.ts';
import { readHeader } from '#db/blobs/read-tensor.ts';
import type { PartArrays } from '#engine/engine.ts';

/** The items of one batch on their own, wherever their part lies. O(items). */
export async function readBatch({ x, y, n }: PartArrays, input: InputSpec, indices: Int32Array): Promise<PartArrays> {
  const width = inputShape(input).reduce((a, b) => a * b, 1);
  const image = input.kind === 'image';
  const inputs = image ? new Uint8Array(indices.length * width) : new Float32Array(indices.length * width);
  if ('file' in x) {
    const bytes = new Uint8Array(inputs.buffer);
    const itemBytes = bytes.length / indices.length;
    const file = await open(x.file);
    try {
      for (const [k, index] of indices.entries())
        await file.read(bytes, k * itemBytes, itemBytes, x.begin + index * itemBytes);
    } finally {
      await file.close();
    }
  } else
    for (const [k, index] of indices.entries()) inputs.set(x.subarray(index * width, (index + 1) * width), k * width);
  const targets = y.length / n;
  const answers = y instanceof Int32Array ? new Int32Array(indices.length) : new Float32Array(indices.length * targets);
  for (const [k, index] of indices.entries())
    answers.set(y.subarray(index * targets, (index + 1) * targets), k * targets);
  return { x: inputs, y: answers, n: indices.length };
}

/** What the data page calls these items of the train part: "line 12", "cats/a.png". */
export async function readItemNames(
  pool: Pool,
  blobs: BlobStore,
  runId: string,
  indices: Int32Array,
): Promise<string[]> {
  const { rows } = await pool.query<{ key: string }>(
    `SELECT d."trainKey" AS key FROM "Run" r JOIN "Dataset" d ON d.id = r."datasetId" WHERE r.id = $1`,
    [runId],
  );
  const { key } = rows[0]!;
  const header = await readHeader(blobs, key);
  const names: string[] = [];
  for (const index of indices) names.push((await readPackItems(blobs, key, header, index, index + 1))[0]!.name);
  return names;
}
