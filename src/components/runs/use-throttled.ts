'use client';

import { useCallback, useEffect, useRef } from 'react';

/** Calls `act` at once, then at most every `ms`; a call in between is made up for at the end. */
export function useThrottled(act: () => void, ms: number): () => void {
  const latest = useRef(act);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const again = useRef(false);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => () => clearTimeout(timer.current ?? undefined), []);
  return useCallback(() => {
    if (timer.current) {
      again.current = true;
      return;
    }
    latest.current();
    const wait = () => {
      timer.current = setTimeout(() => {
        timer.current = null;
        if (!again.current) return;
        again.current = false;
        latest.current();
        wait();
      }, ms);
    };
    wait();
  }, [ms]);
}
