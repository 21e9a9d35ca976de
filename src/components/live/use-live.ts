'use client';

import { useEffect, useRef } from 'react';
import type { HoldoutEvent } from '#server/events.ts';

const RETRY_MS = 2_000;

/**
 * Calls back when something changed in a project or run, or when changes may have been missed (`resync`): fetch what is new.
 * Null listens to nothing.
 */
export function useLive(
  target: { projectId: string } | { runId: string } | null,
  onChange: (event: HoldoutEvent) => void,
) {
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  const query =
    target &&
    ('projectId' in target
      ? new URLSearchParams({ project: target.projectId })
      : new URLSearchParams({ run: target.runId }));
  const url = query && `/api/live?${query}`;
  useEffect(() => {
    if (!url) return;
    let source: EventSource;
    let timer: ReturnType<typeof setTimeout>;
    const open = () => {
      source = new EventSource(url);
      source.onmessage = ({ data }) => latest.current(JSON.parse(data) as HoldoutEvent);
      // A browser connects again by itself, except after an answer that is no stream, such as a proxy's 502.
      source.onerror = () => {
        if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, RETRY_MS);
      };
    };
    open();
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [url]);
}
