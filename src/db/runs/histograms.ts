import type { Pool, PoolClient } from 'pg';
import type { Histogram } from '#core/run/histogram.ts';

/** How one layer's weights or gradients lay at one step: "weights/conv1", "gradients/conv1". */
export interface LayerHistogram extends Histogram {
  name: string;
  step: number;
  /** counted from 1 */
  epoch: number;
}

/** The parameters that WRITE_RUN takes. */
export function histogramColumns(histograms: readonly LayerHistogram[]): unknown[] {
  return [
    histograms.map((h) => h.name),
    histograms.map((h) => h.step),
    histograms.map((h) => h.epoch),
    histograms.map((h) => h.min),
    histograms.map((h) => h.max),
    histograms.map((h) => packed(h.counts)),
  ];
}

/** Inside the transaction that says from where a run goes on. */
export async function truncateHistograms(
  client: Pick<PoolClient, 'query'>,
  runId: string,
  step: number,
): Promise<void> {
  await client.query(`DELETE FROM "RunHistogram" WHERE "runId" = $1 AND step > $2`, [runId, step]);
}

/** Names that have histograms, sorted. */
export async function listHistograms(pool: Pick<Pool, 'query'>, runId: string): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT DISTINCT name FROM "RunHistogram" WHERE "runId" = $1 ORDER BY name`,
    [runId],
  );
  return rows.map((row) => row.name);
}

/** All of the names given, by step. */
export async function readHistograms(
  pool: Pick<Pool, 'query'>,
  runId: string,
  names: readonly string[],
): Promise<LayerHistogram[]> {
  const { rows } = await pool.query<Omit<LayerHistogram, 'counts'> & { bins: Buffer }>(
    `SELECT name, step, epoch, min, max, bins FROM "RunHistogram" WHERE "runId" = $1 AND name = ANY($2) ORDER BY name, step`,
    [runId, names],
  );
  return rows.map(({ bins, ...row }) => ({ ...row, counts: unpacked(bins) }));
}

function packed(counts: Uint32Array): Buffer {
  const bytes = Buffer.alloc(4 * counts.length);
  counts.forEach((count, i) => {
    bytes.writeUInt32LE(count, 4 * i);
  });
  return bytes;
}

function unpacked(bytes: Buffer): Uint32Array {
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32LE(4 * i));
}
