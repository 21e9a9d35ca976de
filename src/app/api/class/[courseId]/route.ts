import { AppError } from '#core/errors.ts';
import { actorOf } from '#server/auth/actor-of.ts';
import { classCsv } from '#server/classes/class-csv.ts';
import { getClass } from '#server/classes/get-class.ts';
import { db } from '#server/db.ts';
import { problemResponse } from '#server/rest/problem.ts';

/** The class page as CSV, for a download from the page. */
export async function GET(request: Request, { params }: { params: Promise<{ courseId: string }> }): Promise<Response> {
  try {
    const actor = await actorOf(db(), request.headers);
    if (!actor) throw new AppError('unauthenticated', 'Sign in first.');
    const rows = await getClass(db(), actor, (await params).courseId);
    return new Response(classCsv(rows), {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="class.csv"',
        'cache-control': 'no-store',
      },
    });
  } catch (error) {
    return problemResponse(error, 'GET class CSV');
  }
}
