import { blobs } from '#server/blobs.ts';
import { db } from '#server/db.ts';
import { authenticate } from '#server/rest/authenticate.ts';
import { handleRest } from '#server/rest/handle-rest.ts';
import { restRoutes } from '#server/rest/routes/index.ts';

export const dynamic = 'force-dynamic';

function handle(request: Request): Promise<Response> {
  const authenticated = (asked: Request) => authenticate(db(), asked);
  return handleRest({ db: db(), blobs: blobs(), routes: restRoutes, authenticate: authenticated }, request);
}

export { handle as DELETE, handle as GET, handle as HEAD, handle as PATCH, handle as POST, handle as PUT };
