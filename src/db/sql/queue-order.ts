/** Of each team that has a run which waits: how many run now, and when one last began. Nothing to read where nobody waits. */
export const TEAMS = `
  waits AS (
    SELECT DISTINCT p."teamId" AS id FROM "Run" r JOIN "Project" p ON p.id = r."projectId"
    WHERE r.state = 'queued' OR (r.state = 'running' AND r."leaseUntil" < now())
  ), team AS (
    SELECT w.id, count(*) FILTER (WHERE r.state = 'running' AND r."leaseUntil" >= now()) AS running, max(r."startedAt") AS served
    FROM waits w JOIN "Project" p ON p."teamId" = w.id JOIN "Run" r ON r."projectId" = p.id GROUP BY w.id
  )`;

/**
 * Waiting runs in the order in which one trainer would take them: interrupted ones, then in rounds over the teams
 * (a team's running runs count as rounds it has had; within a round the team goes first that was served longest ago),
 * a team's oldest first. Mirrors CLAIM_RUN. O(waiting runs + runs of the teams that wait).
 */
export const QUEUE_ORDER = `
  WITH ${TEAMS}, waiting AS (
    SELECT r.id, r."createdAt", r.attempt > 0 AS interrupted, t.running, t.served,
      t.running + row_number() OVER (PARTITION BY t.id ORDER BY r.attempt > 0 DESC, r."createdAt", r.id) AS round
    FROM "Run" r JOIN "Project" p ON p.id = r."projectId" JOIN team t ON t.id = p."teamId"
    WHERE r.state = 'queued'
  )
  SELECT id, (row_number() OVER (
    ORDER BY interrupted DESC, round, running DESC, served NULLS FIRST, "createdAt", id
  ) - 1)::int AS position FROM waiting`;
