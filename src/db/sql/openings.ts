/** Statements of the one opening. The rules themselves are triggers: prisma/migrations/3_seal. */

/** One row a project, ever: whoever comes second inserts nothing. $1 project, $2 run, $3 digest, $4 key, $5 config digest, $6 epoch, $7 validation, $8 n, $9 person. */
export const COMMIT_OPENING = `
  INSERT INTO "Opening" ("projectId", "runId", "weightsDigest", "weightsKey", "configDigest", epoch, validation, n, "committedById")
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT ("projectId") DO NOTHING
  RETURNING "projectId"`;

/** The oldest opening that waits and that no living referee holds. $1 who, $2 lease in ms. */
export const CLAIM_OPENING = `
  UPDATE "Opening" SET "leaseBy" = $1, "leaseUntil" = now() + $2 * interval '1 ms', attempts = attempts + 1
  WHERE "projectId" = (
    SELECT "projectId" FROM "Opening"
    WHERE state = 'committed' AND ("leaseUntil" IS NULL OR "leaseUntil" < now())
    ORDER BY "committedAt" LIMIT 1 FOR UPDATE SKIP LOCKED
  )
  RETURNING "projectId"`;

/** $1 project, $2 who, $3 lease in ms. No row: the lease was lost, so stop. */
export const RENEW_OPENING = `
  UPDATE "Opening" SET "leaseUntil" = now() + $3 * interval '1 ms'
  WHERE "projectId" = $1 AND "leaseBy" = $2 AND state = 'committed' AND "leaseUntil" >= now()
  RETURNING "projectId"`;

/** $1 project, $2 who, $3 what went wrong, $4 ms until the next try. */
export const RELEASE_OPENING = `
  UPDATE "Opening" SET "leaseBy" = NULL, "leaseUntil" = now() + $4 * interval '1 ms', error = $3
  WHERE "projectId" = $1 AND "leaseBy" = $2 AND state = 'committed'`;

/**
 * Openings and commitments of the same test part in other projects of the team, archived ones too, oldest first: those that
 * were committed before this project's, and those that are opened by now. $1 project, $2 split digest.
 */
export const EARLIER_OPENINGS = `
  SELECT p.id, p.name, o."committedAt", o."openedAt"
  FROM "Project" this
  JOIN "Project" p ON p."teamId" = this."teamId" AND p.id <> this.id
  JOIN "Opening" o ON o."projectId" = p.id
  JOIN "Run" r ON r.id = o."runId"
  JOIN "Dataset" d ON d.id = r."datasetId" AND d."splitDigest" = $2
  LEFT JOIN "Opening" own ON own."projectId" = this.id
  WHERE this.id = $1
    AND (own."projectId" IS NULL OR o.state = 'opened' OR (o."committedAt", o."projectId") < (own."committedAt", own."projectId"))
  ORDER BY o."committedAt", o."projectId"`;

/** Only the referee that holds the lease stores, and only once. $1 project, $2 who, $3 result, $4 certificate, $5 when. */
export const STORE_OPENING = `
  UPDATE "Opening" SET state = 'opened', result = $3, certificate = $4, "openedAt" = $5, error = NULL, "leaseBy" = NULL, "leaseUntil" = NULL
  WHERE "projectId" = $1 AND "leaseBy" = $2 AND state = 'committed' AND "leaseUntil" >= now()
  RETURNING "projectId"`;
