/** $1 run. Where its first weights lie, and what they were. */
export const READ_LINEAGE = `SELECT sources, "weightsKey", digest FROM "Lineage" WHERE "runId" = $1`;

/** $1 new key, $2 old key. Runs that still need the weights at the old key; they read them at the new one from now on. */
export const MOVE_START_WEIGHTS = `
  UPDATE "Lineage" l SET "weightsKey" = $1 FROM "Run" r
  WHERE l."weightsKey" = $2 AND r.id = l."runId" AND r.state IN ('queued', 'running')`;
