/** Hot statements of packed series. One row holds up to BLOCK_POINTS points; see src/db/series. */

/** One writer a run at a time: the last block is read, filled and written back. */
export const LOCK_SERIES = `SELECT pg_advisory_xact_lock(hashtextextended('series:' || $1::text, 0))`;

/** $1 run. The last block of each of the names in parameter `names`. */
export const lastBlocks = (names: number) => `
  SELECT n.name, b.block, b.count, b."lastStep"
  FROM unnest($${names}::text[]) AS n(name)
  CROSS JOIN LATERAL (
    SELECT block, count, "lastStep" FROM "SeriesBlock"
    WHERE "runId" = $1 AND name = n.name ORDER BY block DESC LIMIT 1
  ) b`;

/** $1 run, $2 names. */
export const LAST_BLOCKS = lastBlocks(2);

/**
 * New points go behind those that the block already holds. One array a column, from parameter `first` on.
 * @param run the run's id, in SQL; @param from where it comes from, with a comma behind it, or nothing
 */
export const putBlocks = (run: string, from: string, first: number) => `
  INSERT INTO "SeriesBlock" AS b ("runId", name, block, "firstStep", "lastStep", count, steps, times, values)
  SELECT ${run}, n.* FROM ${from} unnest(
    ${['text', 'int', 'int', 'int', 'int', 'bytea', 'bytea', 'bytea'].map((type, i) => `$${first + i}::${type}[]`).join(', ')}
  ) AS n
  ON CONFLICT ("runId", name, block) DO UPDATE SET
    "lastStep" = EXCLUDED."lastStep", count = b.count + EXCLUDED.count,
    steps = b.steps || EXCLUDED.steps, times = b.times || EXCLUDED.times, values = b.values || EXCLUDED.values`;

/** $1 run, then one array a column. */
export const PUT_BLOCKS = putBlocks('$1::uuid', '', 2);

/** Each name once, by skipping through the primary key: O(names), not O(blocks). */
export const SERIES_NAMES = `
  WITH RECURSIVE names AS (
    (SELECT name FROM "SeriesBlock" WHERE "runId" = $1 ORDER BY name LIMIT 1)
    UNION ALL
    SELECT (SELECT b.name FROM "SeriesBlock" b WHERE b."runId" = $1 AND b.name > names.name ORDER BY b.name LIMIT 1)
    FROM names WHERE names.name IS NOT NULL
  )
  SELECT name FROM names WHERE name IS NOT NULL`;

/** $1 run, $2 names, $3 step. */
export const READ_BLOCKS = `
  SELECT name, steps, times, values FROM "SeriesBlock"
  WHERE "runId" = $1 AND name = ANY($2::text[]) AND "lastStep" > $3 ORDER BY name, block`;

/** $1 run, $2 name, $3 step. */
export const FIRST_BLOCK_AFTER = `
  SELECT steps, times FROM "SeriesBlock"
  WHERE "runId" = $1 AND name = $2 AND "lastStep" > $3 ORDER BY block LIMIT 1`;

/** $1 run, $2 step, $3 prefix of the names to leave alone. */
export const DELETE_BLOCKS_AFTER = `
  DELETE FROM "SeriesBlock" WHERE "runId" = $1 AND "firstStep" > $2 AND NOT starts_with(name, $3)`;
export const BLOCKS_ACROSS = `
  SELECT name, block, steps FROM "SeriesBlock"
  WHERE "runId" = $1 AND "firstStep" <= $2 AND "lastStep" > $2 AND NOT starts_with(name, $3)`;
/** $1 run, $2 name, $3 block, $4 points to keep, $5 their last step. */
export const TRIM_BLOCK = `
  UPDATE "SeriesBlock" SET "lastStep" = $5, count = $4,
    steps = substring(steps FOR $4 * 4), times = substring(times FOR $4 * 8), values = substring(values FOR $4 * 8)
  WHERE "runId" = $1 AND name = $2 AND block = $3`;
