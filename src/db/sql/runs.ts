import { TEAMS } from './queue-order.ts';
import { lastBlocks, putBlocks } from './series.ts';

/**
 * Hot statements of the run queue. `attempt` is the fencing token: each claim raises it, and everything that a trainer
 * writes names the attempt that it holds, so one that lost its lease can't write.
 */

/** Renewed every half second; another trainer takes over once it has ended. */
const LEASE = `interval '10 seconds'`;
const FENCE = `r.id = $1 AND r.attempt = $2 AND r.state = 'running'`;
const CHANGED = (table: string) =>
  `pg_notify('holdout', json_build_object('topic', 'run', 'id', ${table}.id, 'projectId', ${table}."projectId")::text)`;

/** Trainer $1 has as many devices as run r is to be spread over, and its precision. Most runs ask for neither. */
const CAN_TRAIN = `(
  (coalesce((r.config ->> 'replicas')::int, 1) = 1 AND coalesce(r.config ->> 'precision', 'float32') = 'float32')
  OR EXISTS (
    SELECT 1 FROM "Trainer" t WHERE t.id = $1
      AND coalesce((t.info ->> 'devices')::int, 1) >= coalesce((r.config ->> 'replicas')::int, 1)
      AND (coalesce(r.config ->> 'precision', 'float32') = 'float32' OR coalesce((t.info ->> 'bf16')::boolean, false))
  ))`;

/**
 * $1 trainer. Interrupted runs first, then the team with the fewest running runs, then the one whose last run began
 * longest ago (so that on one device teams take turns), then the oldest.
 * SKIP LOCKED: trainers that ask at once get different runs. O(waiting runs + runs of the teams that wait).
 */
export const CLAIM_RUN = `
  WITH ${TEAMS}, candidate AS (
    SELECT r.id FROM "Run" r JOIN "Project" p ON p.id = r."projectId" JOIN team t ON t.id = p."teamId"
    WHERE (r.state = 'queued' OR (r.state = 'running' AND r."leaseUntil" < now())) AND ${CAN_TRAIN}
    ORDER BY r.attempt > 0 DESC, t.running, t.served NULLS FIRST, r."createdAt", r.id
    LIMIT 1 FOR NO KEY UPDATE OF r SKIP LOCKED
  ), claimed AS (
    UPDATE "Run" r SET state = 'running', "trainerId" = $1, attempt = r.attempt + 1, "leaseUntil" = now() + ${LEASE},
      "startedAt" = coalesce(r."startedAt", now()), "itemsPerSecond" = NULL
    FROM candidate c WHERE r.id = c.id RETURNING r.id, r."projectId", r.attempt
  ), lost AS (
    UPDATE "Attempt" a SET "endedAt" = now(), outcome = 'lost'
    FROM claimed c WHERE a."runId" = c.id AND a."endedAt" IS NULL
  ), started AS (
    INSERT INTO "Attempt" ("runId", number, "trainerId") SELECT id, attempt, $1 FROM claimed
  )
  SELECT id, attempt, ${CHANGED('claimed')} FROM claimed`;

/** $1 runs, $2 attempts. The rows that come back are still held; the others were lost. */
export const RENEW_LEASES = `
  UPDATE "Run" r SET "leaseUntil" = now() + ${LEASE}
  FROM unnest($1::uuid[], $2::int[]) AS held(id, attempt)
  WHERE r.id = held.id AND r.attempt = held.attempt AND r.state = 'running'
  RETURNING r.id, r."stopRequestedAt" IS NOT NULL AS "stopRequested"`;

/**
 * Holds the run's row against a claim by another trainer until the transaction ends. Not FOR SHARE: two transactions of
 * one attempt that both go on to update the row would wait for each other for ever.
 */
export const HOLD_ATTEMPT = `SELECT 1 FROM "Run" r WHERE ${FENCE} FOR NO KEY UPDATE`;

/** $2 attempt, then one array a column from parameter `first` on. `run` and `from` as putBlocks takes them. */
const addLog = (run: string, from: string, first: number) => `
    INSERT INTO "RunLog" ("runId", attempt, at, level, message)
    SELECT ${run}, $2, to_timestamp(l.at / 1000.0), l.level, l.message
    FROM ${from} unnest($${first}::float8[], $${first + 1}::text[], $${first + 2}::text[]) AS l(at, level, message)`;

/** How many writes of the run are in, and at that very moment the last block of each of the series $3. No row: the attempt has lost its run. */
export const WRITE_POSITION = `
  SELECT r.writes, (SELECT coalesce(json_agg(e), '[]') FROM (${lastBlocks(3)}) e) AS ends FROM "Run" r WHERE ${FENCE}`;

/**
 * All that a run has to say, in one round trip, behind the writes that its sender knows of. $3 epoch, $4 step, $5 items a
 * second, each null where it stays; $6 values to add to lastMetrics; then one array a column: from $7 blocks of points, from
 * $15 histograms, from $21 lines of the log; $24 how many writes are in. Writes nothing and answers no row where the attempt
 * has lost its run, or where another write came in: one whose sender was cut off may still be waiting for its turn here.
 */
export const WRITE_RUN = `
  WITH held AS (
    UPDATE "Run" r SET epoch = coalesce($3, r.epoch), step = coalesce($4, r.step),
      "itemsPerSecond" = coalesce($5, r."itemsPerSecond"), "lastMetrics" = r."lastMetrics" || $6::jsonb,
      writes = r.writes + 1
    WHERE ${FENCE} AND r.writes = $24 RETURNING r.id, r."projectId"
  ), points AS (${putBlocks('held.id', 'held,', 7)}
  ), histograms AS (
    INSERT INTO "RunHistogram" ("runId", name, step, epoch, min, max, bins)
    SELECT held.id, h.* FROM held,
      unnest($15::text[], $16::int[], $17::int[], $18::float8[], $19::float8[], $20::bytea[]) AS h
    ON CONFLICT DO NOTHING
  ), log AS (${addLog('held.id', 'held,', 21)}
  )
  SELECT ${CHANGED('held')} FROM held`;

/** $3 environment, $4 total steps, $5 parameters, $6 step resumed from or null. */
export const START_ATTEMPT = `
  WITH started AS (
    UPDATE "Run" r SET environment = $3::jsonb, "totalSteps" = $4, parameters = $5, step = coalesce($6, 0)
    WHERE ${FENCE} RETURNING r.id, r."projectId"
  ), resumed AS (
    UPDATE "Attempt" a SET "resumedStep" = $6 FROM started s WHERE a."runId" = s.id AND a.number = $2
  )
  SELECT ${CHANGED('started')} FROM started`;

/**
 * $3 state, $4 stop reason, $5 message, $6 outcome of the attempt. A null state gives the run back to the queue, or ends it
 * where a person has asked it to stop: nobody would begin it again but to stop it.
 */
export const END_ATTEMPT = `
  WITH next AS (
    SELECT r.id, coalesce($3, CASE WHEN r."stopRequestedAt" IS NULL THEN 'queued' ELSE 'stopped' END)::"RunState" AS state
    FROM "Run" r WHERE ${FENCE} FOR NO KEY UPDATE
  ), ended AS (
    UPDATE "Run" r SET state = n.state, message = $5,
      "stopReason" = CASE WHEN $3 IS NULL AND n.state = 'stopped' THEN 'stopped_by_person' ELSE $4 END,
      "endedAt" = CASE WHEN n.state = 'queued' THEN NULL ELSE now() END, "leaseUntil" = NULL,
      "itemsPerSecond" = CASE WHEN n.state = 'queued' THEN NULL ELSE r."itemsPerSecond" END
    FROM next n WHERE r.id = n.id RETURNING r.id, r."projectId", r."createdById", r.name, r.number, r.state
  ), attempt AS (
    UPDATE "Attempt" a SET "endedAt" = now(), outcome = $6 FROM ended e WHERE a."runId" = e.id AND a.number = $2
  ), activity AS (
    INSERT INTO "Activity" ("projectId", kind, detail)
    SELECT "projectId", 'run.' || state, jsonb_build_object('runId', id, 'name', name, 'number', number)
    FROM ended WHERE state <> 'queued'
  )
  SELECT ${CHANGED('ended')} FROM ended`;

/**
 * How often this run's process died, alone or with its trainer, since its last checkpoint. By time, not by the step that an
 * attempt went on from: one that dies while it loads never says so.
 */
export const COUNT_CRASHES = `
  SELECT count(a.number)::int AS crashes, coalesce(max(c.step), 0) AS step
  FROM "Run" r LEFT JOIN "Checkpoint" c ON c."runId" = r.id AND c.kind = 'last'
  LEFT JOIN "Attempt" a ON a."runId" = r.id AND a.outcome IN ('crashed', 'lost')
    AND a."endedAt" >= coalesce(c."createdAt", '-infinity')
  WHERE r.id = $1`;

/** $3 times, $4 levels, $5 messages. */
export const ADD_LOG = `${addLog('r.id', '"Run" r,', 3)} WHERE r.id = $1`;

/** $3 kind, $4 step, $5 epoch, $6 weights key, $7 digest, $8 state key, $9 metrics. Answers the keys that it replaced. */
export const SWITCH_CHECKPOINT = `
  INSERT INTO "Checkpoint" ("runId", kind, step, epoch, "weightsKey", digest, "stateKey", metrics)
  SELECT r.id, $3::"CheckpointKind", $4, $5, $6, $7, $8, $9::jsonb FROM "Run" r WHERE ${FENCE}
  ON CONFLICT ("runId", kind) DO UPDATE SET step = EXCLUDED.step, epoch = EXCLUDED.epoch, "weightsKey" = EXCLUDED."weightsKey",
    digest = EXCLUDED.digest, "stateKey" = EXCLUDED."stateKey", metrics = EXCLUDED.metrics, "createdAt" = now()`;

/** $3 epoch, $4 step, $5 weights key, $6 digest, $7 metrics. */
export const KEEP_CHECKPOINT = `
  INSERT INTO "KeptCheckpoint" ("runId", epoch, step, "weightsKey", digest, metrics)
  SELECT r.id, $3, $4, $5, $6, $7::jsonb FROM "Run" r WHERE ${FENCE}`;

/** $3 epochs. */
export const DROP_CHECKPOINTS = `
  DELETE FROM "KeptCheckpoint" k USING "Run" r WHERE ${FENCE} AND k."runId" = r.id AND k.epoch = ANY($3::int[])
  RETURNING k."weightsKey"`;

/** $3 epoch, $4 lead metric, $5 metrics. */
export const SAVE_BEST = `
  UPDATE "Run" r SET "bestEpoch" = $3, "bestValue" = $4, "bestMetrics" = $5::jsonb WHERE ${FENCE}`;

/** $2 name, $3 key, $4 bytes, $5 media type. */
export const PUT_ARTIFACT = `
  INSERT INTO "Artifact" (id, "runId", name, "blobKey", bytes, "mediaType") VALUES (gen_random_uuid(), $1, $2, $3, $4, $5)
  ON CONFLICT ("runId", name) DO UPDATE SET "blobKey" = EXCLUDED."blobKey", bytes = EXCLUDED.bytes, "createdAt" = now()`;

/**
 * $1 run. One that a trainer holds is asked to stop. One that waits, or whose trainer was lost, ends at once:
 * cancelled where it never trained, else stopped with the best weights of its last checkpoint.
 */
export const STOP_RUN = `
  WITH asked AS (
    SELECT r.id, r.state = 'running' AND r."leaseUntil" >= now() AS held,
      CASE WHEN r.attempt = 0 THEN 'cancelled' ELSE 'stopped' END::"RunState" AS state
    FROM "Run" r WHERE r.id = $1 AND r.state IN ('queued', 'running') FOR NO KEY UPDATE
  ), changed AS (
    UPDATE "Run" r SET "stopRequestedAt" = coalesce(r."stopRequestedAt", now()),
      state = CASE WHEN a.held THEN r.state ELSE a.state END,
      "endedAt" = CASE WHEN NOT a.held THEN now() END,
      "stopReason" = CASE WHEN NOT a.held THEN a.state::text || '_by_person' END,
      "leaseUntil" = CASE WHEN a.held THEN r."leaseUntil" END
    FROM asked a WHERE r.id = a.id RETURNING r.id, r."projectId", r.state
  ), lost AS (
    UPDATE "Attempt" t SET "endedAt" = now(), outcome = 'lost'
    FROM changed c WHERE t."runId" = c.id AND t."endedAt" IS NULL AND c.state = 'stopped'
  )
  SELECT state, ${CHANGED('changed')} FROM changed`;
