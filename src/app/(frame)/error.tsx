'use client';

import { ErrorState } from '#components/ui/index.ts';

/** What a page's own states didn't catch. In production the message is Next's, with a digest that stands in the log. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main id="main">
      <ErrorState
        error={new Error(`This page could not be shown.${error.digest ? ` It is in the log as ${error.digest}.` : ''}`)}
        retry={reset}
      />
    </main>
  );
}
