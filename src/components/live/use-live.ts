'use client';

import { useEffect, useRef } from 'react';
import type { HoldoutEvent } from '#server/events.ts';
import { connection } from './connection.ts';

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
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const close = () => {
      clearTimeout(timer);
      source?.close();
      source = undefined;
    };
    const open = () => {
      const now = new EventSource(url);
      source = now;
      now.onmessage = ({ data }) => latest.current(JSON.parse(data) as HoldoutEvent);
      // A browser connects again by itself, except after an answer that is no stream, such as a proxy's 502.
      now.onerror = () => {
        if (source !== now) return;
        void connection.suspect();
        if (now.readyState === EventSource.CLOSED) timer = setTimeout(open, RETRY_MS);
      };
    };
    // A browser holds six connections to a server over HTTP/1.1: six tabs that listen would leave none for anything else.
    // One that is not seen lets go, and is told to fetch what it missed when it comes back.
    const follow = () => {
      close();
      if (!document.hidden) open();
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      close();
    };
  }, [url]);
}
