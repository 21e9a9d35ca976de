'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTRPC } from '#components/trpc/client.tsx';

const WORDS = {
  better: 'better',
  worse: 'worse',
  noise: 'within noise',
  unknown: 'one seed',
  none: 'says nothing',
  same: 'never acted',
} as const;

/** What was tried on a run, with what came of it. Nothing where nothing was. */
export function RunComparisons({ projectId, runId }: { projectId: string; runId: string }) {
  const trpc = useTRPC();
  const found = useQuery(trpc.comparisons.ofRun.queryOptions({ runId }));
  if (!found.data || found.data.length === 0) return null;
  return (
    <section>
      <h2>Compared</h2>
      <ul className="grid gap-1.5 text-[length:var(--t-12)]">
        {found.data.map(({ id, kind, title, runs, done, diverged, verdict }) => (
          <li key={id} className="flex flex-wrap justify-between gap-x-3">
            <Link href={`/p/${projectId}/runs/compared/${id}`}>{title}</Link>
            <span className="two">
              {done < runs
                ? `${done} of ${runs} runs done`
                : kind === 'ladder'
                  ? `${runs} runs`
                  : verdict
                    ? WORDS[verdict]
                    : diverged > 0
                      ? `${diverged} of ${runs} not a number`
                      : 'no figures'}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
