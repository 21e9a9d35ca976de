/** The first statement of nearly every request: one round trip instead of the five that nested reads take. */

const SELECT = `
  p.id AS "projectId", p.name AS "projectName", p."teamId", p."archivedAt" IS NOT NULL AS archived, t."courseId",
  m.role, m."teamId" AS "memberTeamId"`;
const OF_PERSON = `
  JOIN "Team" t ON t.id = p."teamId"
  LEFT JOIN "CourseMember" m ON m."courseId" = t."courseId" AND m."userId" = $2`;

/** $1 id of the project, run, data set or comparison; $2 person. Two index look-ups beside the object's own. */
export const PROJECT_OF = {
  project: `SELECT p.id, ${SELECT} FROM "Project" p ${OF_PERSON} WHERE p.id = $1`,
  run: `SELECT o.id, ${SELECT} FROM "Run" o JOIN "Project" p ON p.id = o."projectId" ${OF_PERSON} WHERE o.id = $1`,
  'data set': `SELECT o.id, ${SELECT} FROM "Dataset" o JOIN "Project" p ON p.id = o."projectId" ${OF_PERSON} WHERE o.id = $1`,
  model: `SELECT o.id, ${SELECT} FROM "ImportedModel" o JOIN "Project" p ON p.id = o."projectId" ${OF_PERSON} WHERE o.id = $1`,
  comparison: `SELECT o.id, ${SELECT} FROM "Comparison" o JOIN "Project" p ON p.id = o."projectId" ${OF_PERSON} WHERE o.id = $1`,
};
