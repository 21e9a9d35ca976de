import * as health from '#app/api/health/route.ts';
import * as live from '#app/api/live/route.ts';
import * as trpc from '#app/api/trpc/[trpc]/route.ts';
import * as rest from '#app/api/v1/[[...path]]/route.ts';

type Handler = (request: Request) => Response | Promise<Response>;

/** The app's route handlers, as Next calls them. */
export const handlers: { prefix: string; file: string; methods: Record<string, Handler | undefined> }[] = [
  { prefix: '/api/health', file: 'src/app/api/health/route.ts', methods: { ...health } as never },
  { prefix: '/api/live', file: 'src/app/api/live/route.ts', methods: { ...live } as never },
  { prefix: '/api/trpc', file: 'src/app/api/trpc/[trpc]/route.ts', methods: { ...trpc } as never },
  { prefix: '/api/v1', file: 'src/app/api/v1/[[...path]]/route.ts', methods: { ...rest } as never },
];

/** Signing in itself: next-auth answers everybody. */
export const SIGN_IN = 'src/app/api/auth/[...nextauth]/route.ts';
