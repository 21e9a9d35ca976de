import * as classCsv from '#app/api/class/[courseId]/route.ts';
import * as image from '#app/api/datasets/[datasetId]/items/[part]/[index]/image/route.ts';
import * as health from '#app/api/health/route.ts';
import * as live from '#app/api/live/route.ts';
import * as trpc from '#app/api/trpc/[trpc]/route.ts';
import * as uploads from '#app/api/uploads/[[...path]]/route.ts';
import * as rest from '#app/api/v1/[[...path]]/route.ts';

type Handler = (request: Request, context: { params: Promise<unknown> }) => Response | Promise<Response>;

/** The app's route handlers, as Next calls them. */
export const handlers: { prefix: string; file: string; methods: Record<string, Handler | undefined> }[] = [
  { prefix: '/api/class', file: 'src/app/api/class/[courseId]/route.ts', methods: { ...classCsv } as never },
  {
    prefix: '/api/datasets',
    file: 'src/app/api/datasets/[datasetId]/items/[part]/[index]/image/route.ts',
    methods: { ...image } as never,
  },
  { prefix: '/api/health', file: 'src/app/api/health/route.ts', methods: { ...health } as never },
  { prefix: '/api/live', file: 'src/app/api/live/route.ts', methods: { ...live } as never },
  { prefix: '/api/trpc', file: 'src/app/api/trpc/[trpc]/route.ts', methods: { ...trpc } as never },
  { prefix: '/api/uploads', file: 'src/app/api/uploads/[[...path]]/route.ts', methods: { ...uploads } as never },
  { prefix: '/api/v1', file: 'src/app/api/v1/[[...path]]/route.ts', methods: { ...rest } as never },
];

/** Signing in itself: next-auth answers everybody. */
export const SIGN_IN = 'src/app/api/auth/[...nextauth]/route.ts';

/** What Next reads from the path by the names in the file's own, such as [datasetId]. */
export function paramsOf(file: string, pathname: string): Record<string, string> {
  const segments = pathname.split('/');
  const names = file.replace('src/app', '').split('/');
  return Object.fromEntries(
    names.flatMap((name, i) => (/^\[\w+\]$/.test(name) ? [[name.slice(1, -1), segments[i] ?? '']] : [])),
  );
}
