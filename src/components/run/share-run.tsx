'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '#components/trpc/client.tsx';
import { Button, ErrorState } from '#components/ui/index.ts';
import { isOver } from '#core/run/lifecycle.ts';
import type { RunDetail } from './run-page.tsx';

/** For instructors: lets every team of the course start from this run's weights. */
export function ShareRun({ run }: { run: RunDetail }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const share = useMutation(
    trpc.runs.share.mutationOptions({ onSuccess: () => queries.invalidateQueries(trpc.runs.pathFilter()) }),
  );
  const shared = run.sharedAt !== null;
  const ready = isOver(run.state) && run.checkpoints.some((c) => c.kind === 'best');
  if (!ready && !shared) return null;
  return (
    <section aria-label="Share" className="grid justify-items-start gap-2">
      <p className="small two">
        {shared
          ? 'Every team of the course may start from its weights. They see its name, layers and validation figures, none of its data.'
          : 'Sharing lets every team of the course start from its weights, without seeing its data.'}
      </p>
      {share.isError && <ErrorState error={share.error} />}
      <Button size="s" pending={share.isPending} onClick={() => share.mutate({ runId: run.id, shared: !shared })}>
        {shared ? 'Stop sharing with the course' : 'Share with the course'}
      </Button>
    </section>
  );
}
