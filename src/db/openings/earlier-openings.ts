import type { Pool, PoolClient } from 'pg';
import type { EarlierOpening } from '#core/seal/certificate.ts';
import { EARLIER_OPENINGS } from '../sql/openings.ts';

/** How often the team had the same test part before, in whichever project. The caller has checked who asks. O(projects of the team). */
export async function earlierOpenings(
  client: Pool | PoolClient,
  projectId: string,
  splitDigest: string,
): Promise<EarlierOpening[]> {
  const { rows } = await client.query<{ id: string; name: string; committedAt: Date; openedAt: Date | null }>(
    EARLIER_OPENINGS,
    [projectId, splitDigest],
  );
  return rows.map(({ id, name, committedAt, openedAt }) => ({
    project: { id, name },
    committedAt: committedAt.toISOString(),
    openedAt: openedAt?.toISOString() ?? null,
  }));
}
