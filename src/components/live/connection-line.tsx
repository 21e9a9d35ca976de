'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { connection } from './connection.ts';

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** Says that what the page shows is old while the server does not answer, and fetches all of it anew once it does. */
export function ConnectionLine() {
  const queries = useQueryClient();
  const since = useSyncExternalStore(
    connection.subscribe,
    () => connection.since,
    () => null,
  );
  useEffect(
    () =>
      connection.subscribe(() => {
        if (!connection.since) void queries.invalidateQueries();
      }),
    [queries],
  );
  return (
    <div role="status" className="lost">
      {since &&
        `The server has not answered since ${time.format(since)}. What you see is from then; the page tries again by itself.`}
    </div>
  );
}
