/**
 * Waiting runs in the order in which one trainer would take them: interrupted ones, then in rounds over the teams
 * (a team's running runs count as rounds it has had), the oldest first within a round. Mirrors CLAIM_RUN. O(waiting runs).
 */
export const QUEUE_ORDER = `
  WITH busy AS (
    SELECT p."teamId", count(*) AS runs FROM "Run" r JOIN "Project" p ON p.id = r."projectId"
    WHERE r.state = 'running' AND r."leaseUntil" >= now() GROUP BY 1
  ), waiting AS (
    SELECT r.id, r."createdAt", r.attempt > 0 AS interrupted,
      coalesce(b.runs, 0) + row_number() OVER (PARTITION BY p."teamId" ORDER BY r.attempt > 0 DESC, r."createdAt", r.id) AS round
    FROM "Run" r JOIN "Project" p ON p.id = r."projectId" LEFT JOIN busy b ON b."teamId" = p."teamId"
    WHERE r.state = 'queued'
  )
  SELECT id, (row_number() OVER (ORDER BY interrupted DESC, round, "createdAt", id) - 1)::int AS position FROM waiting`;
