import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { testDb } from '#db/testing.ts';
import { logWords } from './log-words.ts';
import { testProject } from './testing.ts';

const db = await testDb();

it('names what Postgres refused, and never the row', async () => {
  const { projectId, userId } = await testProject(db);
  const refused = await db.pool
    .query(
      `INSERT INTO "Dataset" (id, "projectId", name, filename, "createdById", state, "contentDigest")
       VALUES (gen_random_uuid(), $1, 'n', 'f', $2, 'sealed', 'secret-digest')`,
      [projectId, userId],
    )
    .catch((error: unknown) => error);
  expect(inspect(refused)).toContain('secret-digest');
  expect(logWords(refused)).toContain('Dataset_sealed_complete');
  expect(logWords(refused)).not.toContain('secret-digest');
});
