import { blobs } from '#server/blobs.ts';
import { db } from '#server/db.ts';
import { events } from '#server/events.ts';
import { authenticate } from '#server/rest/authenticate.ts';
import { handleRest } from '#server/rest/handle-rest.ts';
import { restRoutes } from '#server/rest/routes/index.ts';

export const dynamic = 'force-dynamic';

function handle(request: Request): Promise<Response> {
  const services = { db: db(), blobs: blobs(), events: events() };
  return handleRest({ ...services, routes: restRoutes, authenticate: (asked) => authenticate(db(), asked) }, request);
}

export { handle as DELETE, handle as GET, handle as HEAD, handle as PATCH, handle as POST, handle as PUT };
