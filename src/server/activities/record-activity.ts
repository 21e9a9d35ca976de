import type { Prisma } from '#db/client.ts';

/** One line of a project's "lately". `detail` holds names and ids, never anything of a test part. */
export async function recordActivity(
  prisma: Pick<Prisma.TransactionClient, 'activity'>,
  entry: { projectId: string; userId: string | null; kind: string; detail?: Prisma.InputJsonObject },
): Promise<void> {
  await prisma.activity.create({ data: { ...entry, detail: entry.detail ?? {} } });
}
