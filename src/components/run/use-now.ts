'use client';

import { useEffect, useState } from 'react';

/** The time, each second while `ticking`; null on the server and until the page has woken up, so that both say the same. */
export function useNow(ticking: boolean): Date | null {
  const [now, setNow] = useState<Date | null>(null);
  useEffect(() => {
    if (!ticking) return;
    setNow(new Date());
    const timer = setInterval(() => setNow(new Date()), 1000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}
