'use client';

import { useEffect, useState } from 'react';
import { ago, exact } from '#core/format/when.ts';

/** "3 h ago", exact on hover, kept right while the page stays open. */
export function When({ at }: { at: Date }) {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={at.toISOString()} title={exact(at)} suppressHydrationWarning>
      {ago(at, now)}
    </time>
  );
}
