/**
 * $1 course. One row a project that is not archived or holds an opening, and one for each team without a project.
 * Best run: by the lead metric, whose direction follows from the data set's kind. O(runs and attempts of the course).
 */
export const CLASS_ROWS = `
  WITH project AS (
    SELECT p.*, t.name AS team, t."createdAt" AS "teamCreatedAt", t.id AS tid
    FROM "Team" t LEFT JOIN "Project" p ON p."teamId" = t.id
      AND (p."archivedAt" IS NULL OR EXISTS (SELECT FROM "Opening" o WHERE o."projectId" = p.id)) WHERE t."courseId" = $1
  ), dataset AS (
    SELECT DISTINCT ON (d."projectId") d."projectId", d.id, d.name, d.state, d."sealedAt",
      CASE WHEN d.schema IS NULL THEN NULL WHEN d.schema ? 'classes' THEN 'accuracy' ELSE 'rmse' END AS metric,
      CASE WHEN d.schema ? 'classes' THEN jsonb_array_length(d.schema->'classes') || ' classes'
        WHEN d.schema->>'kind' = 'image-keypoints' THEN 'pixels'
        WHEN jsonb_array_length(d.schema->'targets') = 1 THEN d.schema->'targets'->0->>'name' END AS unit,
      md5(concat_ws('/', d.schema->>'kind', d.schema->>'image', d.schema->>'classes',
        jsonb_path_query_array(d.schema, '$.targets[*].name')::text)) AS scale
    FROM "Dataset" d JOIN project p ON p.id = d."projectId"
    ORDER BY d."projectId", d.state = 'sealed' DESC, d.id DESC
  ), run AS (
    SELECT r.*, d.metric FROM "Run" r JOIN dataset d ON d."projectId" = r."projectId"
  ), counted AS (
    SELECT "projectId",
      count(*) FILTER (WHERE state = 'queued')::int AS queued, count(*) FILTER (WHERE state = 'running')::int AS running,
      count(*) FILTER (WHERE state = 'finished')::int AS finished, count(*) FILTER (WHERE state = 'stopped')::int AS stopped,
      count(*) FILTER (WHERE state = 'failed')::int AS failed,
      count(*) FILTER (WHERE "stopReason" = 'not_a_number')::int AS "notANumber",
      min((config->>'learningRate')::float8) FILTER (WHERE "stopReason" = 'not_a_number') AS "notANumberRate"
    FROM run GROUP BY 1
  ), hours AS (
    SELECT r."projectId", sum(extract(epoch FROM coalesce(a."endedAt", r."endedAt", now()) - a."startedAt"))::float8 / 3600 AS hours
    FROM run r JOIN "Attempt" a ON a."runId" = r.id GROUP BY 1
  ), best AS (
    SELECT DISTINCT ON ("projectId") "projectId", id, number, name, "bestValue", "bestEpoch", "bestMetrics", epoch
    FROM run WHERE "bestValue" IS NOT NULL AND "bestValue" <> 'NaN'
    ORDER BY "projectId", CASE WHEN metric = 'accuracy' THEN -"bestValue" ELSE "bestValue" END, number
  ), recent AS (
    SELECT "projectId", jsonb_agg(jsonb_build_object('train', "lastMetrics"->(metric || '/train'),
      'validation', "lastMetrics"->(metric || '/validation'), 'learningRate', config->'learningRate') ORDER BY number DESC) AS runs
    FROM (SELECT *, row_number() OVER (PARTITION BY "projectId" ORDER BY number DESC) AS nth FROM run WHERE state = 'finished') r
    WHERE nth <= 5 GROUP BY 1
  ), lately AS (
    SELECT DISTINCT ON (a."projectId") a."projectId", a.at, a.kind
    FROM "Activity" a JOIN project p ON p.id = a."projectId" ORDER BY a."projectId", a.id DESC
  )
  SELECT p.tid AS "teamId", p.team, p."teamCreatedAt", p.id AS "projectId", p.name AS project, p."createdAt" AS "projectCreatedAt",
    p."archivedAt" IS NOT NULL AS archived,
    d.name AS dataset, d.state AS "datasetState", d."sealedAt", d.metric, d.unit, d.scale,
    coalesce(c.queued, 0) AS queued, coalesce(c.running, 0) AS running, coalesce(c.finished, 0) AS finished,
    coalesce(c.stopped, 0) AS stopped, coalesce(c.failed, 0) AS failed, coalesce(c."notANumber", 0) AS "notANumber",
    c."notANumberRate", coalesce(h.hours, 0) AS hours,
    b.id AS "bestId", b.number AS "bestNumber", b.name AS "bestName", b."bestValue", b."bestEpoch", b."bestMetrics",
    coalesce(n.runs, '[]') AS recent, l.at AS "activityAt", l.kind AS "activityKind",
    o.state AS "openingState", o."openedAt", o."committedAt", o.certificate
  FROM project p
  LEFT JOIN dataset d ON d."projectId" = p.id LEFT JOIN counted c ON c."projectId" = p.id LEFT JOIN hours h ON h."projectId" = p.id
  LEFT JOIN best b ON b."projectId" = p.id LEFT JOIN recent n ON n."projectId" = p.id LEFT JOIN lately l ON l."projectId" = p.id
  LEFT JOIN "Opening" o ON o."projectId" = p.id
  ORDER BY p.team, p.id`;
