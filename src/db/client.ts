import { PrismaPg } from '@prisma/adapter-pg';
import { Pool } from 'pg';
import { PrismaClient } from './generated/client.ts';

export type { Prisma } from './generated/client.ts';

/** Prisma for what people do, the pool for hot SQL (src/db/sql); both use the same connections. */
export interface Db {
  prisma: PrismaClient;
  pool: Pool;
  url: string;
  close(): Promise<void>;
}

/** @param url Postgres URL; @param max connections that this process may hold; @param min that it keeps once they are there */
export function openDb(url: string, max = 10, min = 0): Db {
  const pool = new Pool({ connectionString: url, max, min });
  // Without a listener a dropped idle connection would end the process; the next query reconnects.
  pool.on('error', () => {});
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    prisma,
    pool,
    url,
    async close() {
      await prisma.$disconnect();
      if (!pool.ended) await pool.end();
    },
  };
}
