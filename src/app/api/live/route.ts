import { AppError } from '#core/errors.ts';
import { actorOf } from '#server/auth/actor-of.ts';
import { db } from '#server/db.ts';
import { events } from '#server/events.ts';
import { liveFilter } from '#server/live/live-filter.ts';
import { liveStream } from '#server/live/live-stream.ts';
import { problemResponse } from '#server/rest/problem.ts';

export const dynamic = 'force-dynamic';

export async function GET(request: Request): Promise<Response> {
  try {
    const actor = await actorOf(db(), request.headers);
    if (!actor) throw new AppError('unauthenticated', 'Sign in first.');
    const filter = await liveFilter(db(), actor, new URL(request.url).searchParams);
    return new Response(liveStream(events(), filter, request.signal), {
      headers: {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
      },
    });
  } catch (error) {
    return problemResponse(error, 'GET live events');
  }
}
