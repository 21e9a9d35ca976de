import { env } from '#env';
import { blobs } from '#server/blobs.ts';
import { tusHandler } from '#server/datasets/tus.ts';
import { db } from '#server/db.ts';
import { authenticate } from '#server/rest/authenticate.ts';

export const dynamic = 'force-dynamic';

let handler: ((request: Request) => Promise<Response>) | undefined;

function handle(request: Request): Promise<Response> {
  handler ??= tusHandler({
    db: db(),
    blobs: blobs(),
    maxBytes: env().HOLDOUT_MAX_UPLOAD,
    authenticate: (asked) => authenticate(db(), asked),
  });
  return handler(request);
}

export { handle as DELETE, handle as HEAD, handle as OPTIONS, handle as PATCH, handle as POST };
