import { db } from '#server/db.ts';

export const dynamic = 'force-dynamic';

/** For load balancers and `npm start`: 200 when this process serves and reaches the database, else 503. */
export async function GET(): Promise<Response> {
  try {
    await db().pool.query('SELECT 1');
    return Response.json({ status: 'ok' });
  } catch {
    return Response.json({ status: 'no database' }, { status: 503 });
  }
}
