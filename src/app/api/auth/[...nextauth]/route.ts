import type { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { tellNextAuth } from '#env';
import { authOptions } from '#server/auth/options.ts';
import { refuseLargeBody } from '#server/rest/body-limit.ts';

interface RouteContext {
  params: Promise<{ nextauth: string[] }>;
}

async function handler(req: NextRequest, context: RouteContext): Promise<Response> {
  const refusal = refuseLargeBody(req);
  if (refusal) return refusal;
  tellNextAuth();
  return NextAuth(req, context, authOptions(req.headers));
}

export { handler as GET, handler as POST };
