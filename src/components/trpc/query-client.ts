import { defaultShouldDehydrateQuery, QueryClient } from '@tanstack/react-query';
import superjson from 'superjson';
import { describeError } from '../ui/describe-error.ts';

/** One place for how queries are kept, tried again and carried from server to browser. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // What the server has just rendered isn't asked for again while the page wakes up.
        staleTime: 5_000,
        // An answer of ours won't change by asking again; a lost connection may.
        retry: (count, error) => describeError(error).code === null && count < 2,
      },
      dehydrate: {
        serializeData: superjson.serialize,
        shouldDehydrateQuery: (query) => defaultShouldDehydrateQuery(query) || query.state.status === 'pending',
      },
      hydrate: { deserializeData: superjson.deserialize },
    },
  });
}
