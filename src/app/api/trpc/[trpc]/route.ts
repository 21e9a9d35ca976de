import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { isSameOrigin } from '#server/auth/same-origin.ts';
import { refuseLargeBody } from '#server/rest/body-limit.ts';
import { createContext } from '#server/trpc/context.ts';
import { appRouter } from '#server/trpc/router.ts';

function handler(req: Request): Response | Promise<Response> {
  if (req.method === 'POST' && !isSameOrigin(req.headers)) {
    return Response.json({ message: 'Requests from other sites are not answered.' }, { status: 403 });
  }
  const refusal = refuseLargeBody(req);
  if (refusal) return refusal;
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req,
    router: appRouter,
    createContext: () => createContext(req.headers),
  });
}

export { handler as GET, handler as POST };
