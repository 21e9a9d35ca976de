/**
 * Hand-overs of a data set, each one conditional UPDATE. Whoever works on one holds a lease under a name made for that
 * claim alone, and every write names it, so one that lost its lease writes nothing.
 */

const LEASE = `interval '10 seconds'`;
/** As Date.toISOString: what a stage's time is everywhere else. */
const NOW_ISO = `to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const HELD = `id = $1 AND "leaseBy" = $2 AND state IN ('inspecting', 'splitting')`;

/** The oldest data set that waits, or whose worker went away. $1: name of the claim. */
export const CLAIM_DATASET = `
  UPDATE "Dataset" d SET
    state = (CASE d.state WHEN 'uploaded' THEN 'inspecting' WHEN 'confirmed' THEN 'splitting' ELSE d.state::text END)::"DatasetState",
    attempts = CASE WHEN d.state IN ('uploaded', 'confirmed') THEN 1 ELSE d.attempts + 1 END,
    "leaseBy" = $1, "leaseUntil" = now() + ${LEASE}, error = NULL, progress = NULL
  FROM (
    SELECT id FROM "Dataset"
    WHERE state IN ('uploaded', 'confirmed') OR (state IN ('inspecting', 'splitting') AND "leaseUntil" < now())
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
  ) waiting
  WHERE d.id = waiting.id
  RETURNING d.id, d."projectId", d.name, d.filename, d.state, d.decision, d.attempts`;

/** $3: progress as JSON, or null to leave it. No row: the lease is lost, or the person cancelled. */
export const RENEW_DATASET = `
  UPDATE "Dataset" SET "leaseUntil" = greatest("leaseUntil", now() + ${LEASE}), progress = COALESCE($3::jsonb, progress)
  WHERE ${HELD} RETURNING id`;

/** $3: seconds for which no renewal need come. */
export const HOLD_DATASET = `
  UPDATE "Dataset" SET "leaseUntil" = greatest("leaseUntil", now() + $3 * interval '1 second') WHERE ${HELD} RETURNING id`;

/** $3: the stage that is done. */
export const FINISH_STAGE = `
  UPDATE "Dataset" SET stages = stages || jsonb_build_object($3::text, ${NOW_ISO}), progress = NULL, "leaseUntil" = now() + ${LEASE}
  WHERE ${HELD} RETURNING id`;

/** $3: the state it goes to; $4: error in words or null; $5: decision as JSON, or null to leave it; $6: report or null. */
export const LEAVE_DATASET = `
  UPDATE "Dataset" SET state = $3::"DatasetState", error = $4, decision = COALESCE($5::jsonb, decision),
    report = COALESCE($6::jsonb, report), progress = NULL, "leaseBy" = NULL, "leaseUntil" = NULL
  WHERE ${HELD} RETURNING id`;

/** A worker that is told to stop gives its data set back at once, and this try doesn't count. */
export const RELEASE_DATASET = `
  UPDATE "Dataset" SET "leaseUntil" = now() - interval '1 second', attempts = attempts - 1 WHERE ${HELD}`;

/** The results are on disk and checked; the plaintext still has to go. */
export const RECORD_SPLIT = `
  UPDATE "Dataset" SET schema = $3::jsonb, report = $4::jsonb, "nTrain" = $5, "nValidation" = $6, "nTest" = $7,
    "contentDigest" = $8, "splitDigest" = $9, "trainKey" = $10, "validationKey" = $11,
    stages = stages || jsonb_build_object('split', ${NOW_ISO}), progress = NULL
  WHERE ${HELD} RETURNING id`;

/** The last hand-over: nothing but the sealed part holds test items now. */
export const SEAL_DATASET = `
  UPDATE "Dataset" d SET state = 'sealed', "sealedAt" = now(), stages = stages || jsonb_build_object('sealed', ${NOW_ISO}),
    "uploadKey" = NULL, progress = NULL, error = NULL, "leaseBy" = NULL, "leaseUntil" = NULL
  WHERE ${HELD} AND EXISTS (SELECT 1 FROM "SealedPart" p WHERE p."datasetId" = d.id) RETURNING id`;

/** Uploads that ended without a seal and still have files. */
export const ENDED_WITH_FILES = `
  SELECT id, "projectId" FROM "Dataset" WHERE state IN ('failed', 'cancelled') AND "uploadKey" IS NOT NULL LIMIT 50`;

/** Uploads that nobody went on with for two days. */
export const CANCEL_ABANDONED = `
  UPDATE "Dataset" SET state = 'cancelled', error = 'The upload was not finished within two days.'
  WHERE state = 'uploading' AND "createdAt" < now() - interval '2 days'`;

/** Once the sealed part is recorded, its items may have been chosen already: there is no way back. */
export const CANCEL_DATASET = `
  UPDATE "Dataset" d SET state = 'cancelled', "leaseBy" = NULL, "leaseUntil" = NULL, progress = NULL
  WHERE id = $1 AND state IN ('uploading', 'uploaded', 'inspecting', 'review', 'confirmed', 'splitting')
    AND NOT EXISTS (SELECT 1 FROM "SealedPart" p WHERE p."datasetId" = d.id)
  RETURNING id`;
