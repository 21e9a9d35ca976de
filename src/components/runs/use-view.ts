'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { decodeView, encodeView, type RunsView } from '#core/chart/view-state.ts';

/** Browsers refuse more than about a hundred changes of the address in half a minute; a slider makes more. */
const SETTLE_MS = 200;

/** The view that the address holds; each change goes back into the address, without a step in the history. */
export function useView(search: string): [RunsView, (change: Partial<RunsView>) => void] {
  const [view, setView] = useState(() => decodeView(new URLSearchParams(search)));
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    const timer = setTimeout(() => {
      const query = encodeView(view).toString();
      if (query !== window.location.search.slice(1))
        window.history.replaceState(null, '', query ? `?${query}` : window.location.pathname);
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [view]);
  const change = useCallback((part: Partial<RunsView>) => setView((old) => ({ ...old, ...part })), []);
  return [view, change];
}

/** With `item` when it wasn't there, without it when it was. */
export function toggled<T>(list: readonly T[], item: T): T[] {
  return list.includes(item) ? list.filter((i) => i !== item) : [...list, item];
}
