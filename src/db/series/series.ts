import type { Pool, PoolClient } from 'pg';
import { AppError } from '#core/errors.ts';
import { CUSTOM_GROUP, checkPoints, MAX_SERIES, type Points } from '#core/run/series.ts';
import {
  BLOCKS_ACROSS,
  DELETE_BLOCKS_AFTER,
  FIRST_BLOCK_AFTER,
  LAST_BLOCKS,
  LOCK_SERIES,
  PUT_BLOCKS,
  READ_BLOCKS,
  SERIES_NAMES,
  TRIM_BLOCK,
} from '../sql/series.ts';
import { transaction } from '../sql/transaction.ts';
import { countUpTo, type PackedPoints, pack, type UnpackedPoints, unpackInto } from './pack.ts';

/** A full block is 20 KB: large enough that rows are few, small enough that a live append rewrites little. */
export const BLOCK_POINTS = 1_024;

/** The last block of a series that has points. */
export interface SeriesEnd {
  block: number;
  count: number;
  lastStep: number;
}

/** Points for one block, to go behind those that it holds. */
interface Piece {
  name: string;
  block: number;
  first: number;
  last: number;
  count: number;
  packed: PackedPoints;
}

export interface StoredSeries extends UnpackedPoints {
  name: string;
}

/**
 * Adds points behind those stored. A point whose step is not above the series' last step is skipped, so that
 * sending the same batch again after a lost answer changes nothing. O(points + names) and 5 round trips.
 * @returns how many points were stored and skipped; throws AppError bad_request, or too_large above MAX_SERIES series
 */
export async function appendPoints(
  pool: Pool,
  runId: string,
  series: readonly Points[],
): Promise<{ stored: number; skipped: number }> {
  checkPoints(series);
  return transaction(pool, (client) => appendPointsIn(client, runId, series));
}

async function appendPointsIn(
  client: PoolClient,
  runId: string,
  series: readonly Points[],
): Promise<{ stored: number; skipped: number }> {
  const names = [...new Set(series.map((s) => s.name))];
  if (names.length === 0) return { stored: 0, skipped: 0 };
  await client.query(LOCK_SERIES, [runId]);
  const ends = await readEnds(client, runId, names);
  if (ends.size < names.length) await requireRoom(client, runId, names.length - ends.size);
  const { pieces, stored, skipped } = cut(series, ends);
  // One INSERT can't touch a row twice: a series that was sent in several pieces takes several statements.
  for (let rest = pieces; rest.length > 0; ) {
    const seen = new Set<string>();
    const now = rest.filter(({ name, block }) => {
      const key = `${name} ${block}`;
      return !seen.has(key) && seen.add(key);
    });
    await client.query(PUT_BLOCKS, [runId, ...blockColumns(now)]);
    const done = new Set(now);
    rest = rest.filter((piece) => !done.has(piece));
  }
  return { stored, skipped };
}

/** Where the series end that have points, by name. */
export async function readEnds(
  client: Pick<Pool, 'query'>,
  runId: string,
  names: readonly string[],
): Promise<Map<string, SeriesEnd>> {
  const { rows } = await client.query<SeriesEnd & { name: string }>(LAST_BLOCKS, [runId, names]);
  return new Map(rows.map(({ name, ...end }) => [name, end]));
}

/** Cuts points into pieces of blocks behind `ends`, which it moves on. Those not above a series' last step are skipped. O(points). */
export function cut(
  series: readonly Points[],
  ends: Map<string, SeriesEnd>,
): { pieces: Piece[]; stored: number; skipped: number } {
  const pieces: Piece[] = [];
  let stored = 0;
  let skipped = 0;
  for (const points of series) {
    const { name, steps } = points;
    const end = ends.get(name) ?? { block: 0, count: 0, lastStep: -1 };
    let at = 0;
    while (at < steps.length && steps[at]! <= end.lastStep) at++;
    skipped += at;
    stored += steps.length - at;
    while (at < steps.length) {
      if (end.count >= BLOCK_POINTS) {
        end.block++;
        end.count = 0;
      }
      const to = Math.min(steps.length, at + BLOCK_POINTS - end.count);
      const count = to - at;
      end.count += count;
      end.lastStep = steps[to - 1]!;
      pieces.push({
        name,
        block: end.block,
        first: steps[at]!,
        last: end.lastStep,
        count,
        packed: pack(points, at, to),
      });
      at = to;
    }
    ends.set(name, end);
  }
  return { pieces, stored, skipped };
}

/** The parameters that putBlocks takes. */
export function blockColumns(pieces: readonly Piece[]): unknown[] {
  return [
    pieces.map((p) => p.name),
    pieces.map((p) => p.block),
    pieces.map((p) => p.first),
    pieces.map((p) => p.last),
    pieces.map((p) => p.count),
    pieces.map((p) => p.packed.steps),
    pieces.map((p) => p.packed.times),
    pieces.map((p) => p.packed.values),
  ];
}

async function requireRoom(client: Pick<Pool, 'query'>, runId: string, more: number): Promise<void> {
  const { rows } = await client.query<{ name: string }>(SERIES_NAMES, [runId]);
  if (rows.length + more > MAX_SERIES)
    throw new AppError(
      'too_large',
      `A run keeps at most ${MAX_SERIES} series; this one has ${rows.length}. Use fewer names, such as one a metric.`,
    );
}

/** Names that have points, sorted. O(names). */
export async function listSeries(pool: Pool, runId: string): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(SERIES_NAMES, [runId]);
  return rows.map((row) => row.name).sort();
}

/** Points above `afterStep` of each name, in the order of `names`; unknown names are empty. O(points answered + one block a name). */
export async function readSeries(
  pool: Pool,
  runId: string,
  names: readonly string[],
  options: { afterStep?: number } = {},
): Promise<StoredSeries[]> {
  const afterStep = options.afterStep ?? -1;
  const found = new Map<string, StoredSeries>();
  for (const name of names) found.set(name, { name, steps: [], times: [], values: [] });
  const { rows } = await pool.query<PackedPoints & { name: string }>(READ_BLOCKS, [runId, names, afterStep]);
  for (const row of rows) unpackInto(found.get(row.name)!, row, afterStep);
  return [...found.values()];
}

/** When the first point of `name` above `step` was measured, or null. Reads one block. */
export async function firstPointAfter(
  pool: Pool,
  runId: string,
  name: string,
  step: number,
): Promise<{ step: number; at: Date } | null> {
  const { rows } = await pool.query<{ steps: Buffer; times: Buffer }>(FIRST_BLOCK_AFTER, [runId, name, step]);
  const block = rows[0];
  if (!block) return null;
  const i = countUpTo(block.steps, step);
  return { step: block.steps.readInt32LE(i * 4), at: new Date(block.times.readDoubleLE(i * 8)) };
}

/**
 * Drops the trainer's points above `step`; a run that resumes from a checkpoint at `step` writes them anew,
 * so that its curve has neither zig-zag nor gap. Points that scripts logged stay. O(series + blocks dropped).
 */
export async function truncateSeries(pool: Pool, runId: string, step: number): Promise<void> {
  await transaction(pool, (client) => truncateSeriesIn(client, runId, step));
}

/** The same inside a transaction. */
export async function truncateSeriesIn(client: PoolClient, runId: string, step: number): Promise<void> {
  await client.query(LOCK_SERIES, [runId]);
  await client.query(DELETE_BLOCKS_AFTER, [runId, step, CUSTOM_GROUP]);
  const { rows } = await client.query<{ name: string; block: number; steps: Buffer }>(BLOCKS_ACROSS, [
    runId,
    step,
    CUSTOM_GROUP,
  ]);
  for (const { name, block, steps } of rows) {
    const keep = countUpTo(steps, step);
    await client.query(TRIM_BLOCK, [runId, name, block, keep, steps.readInt32LE((keep - 1) * 4)]);
  }
}
