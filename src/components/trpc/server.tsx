import { dehydrate, HydrationBoundary } from '@tanstack/react-query';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { headers } from 'next/headers';
import { cache, type ReactNode } from 'react';
import { createContext } from '#server/trpc/context.ts';
import { createCallerFactory } from '#server/trpc/init.ts';
import { appRouter } from '#server/trpc/router.ts';
import { makeQueryClient } from './query-client.ts';

/** For server components: one context and one query client a request. */
const requestContext = cache(async () => createContext(new Headers(await headers())));
export const getQueryClient = cache(makeQueryClient);

/** `trpc.x.y.queryOptions(input)` for `prefetch`. */
export const trpc = createTRPCOptionsProxy({ ctx: requestContext, router: appRouter, queryClient: getQueryClient });

/** Who asks, or null. */
export async function currentActor() {
  return (await requestContext()).actor;
}

/** Calls procedures straight, for what a server component itself renders. Throws TRPCError. */
export const caller = cache(async () => createCallerFactory(appRouter)(await requestContext()));

/** Runs the query here, so that the page arrives with its data; a failure shows in the component that uses it. */
// biome-ignore lint/suspicious/noExplicitAny: options of any procedure
export async function prefetch(...queries: any[]): Promise<void> {
  const client = getQueryClient();
  await Promise.all(queries.map((options) => client.prefetchQuery(options)));
}

/** Hands what was prefetched to the client components inside. */
export function Hydrate({ children }: { children: ReactNode }) {
  return <HydrationBoundary state={dehydrate(getQueryClient())}>{children}</HydrationBoundary>;
}
