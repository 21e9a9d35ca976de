import { AppError, ERROR_CODES } from '#core/errors.ts';
import { actorOf } from '#server/auth/actor-of.ts';
import { classCsv } from '#server/classes/class-csv.ts';
import { getClass } from '#server/classes/get-class.ts';
import { db } from '#server/db.ts';

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
    if (!(error instanceof AppError)) throw error;
    return new Response(error.message, { status: ERROR_CODES[error.code].http });
  }
}
