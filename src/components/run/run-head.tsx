'use client';

import { useMutation } from '@tanstack/react-query';
import { Copy, Square } from 'lucide-react';
import { TryRemedy } from '#components/comparison/try-remedy.tsx';
import { useTRPC } from '#components/trpc/client.tsx';
import { Button, ButtonLink, ErrorState, Swatch } from '#components/ui/index.ts';
import { runColour } from '#core/chart/colour.ts';
import { runId } from '#core/format/numbers.ts';
import { isOver } from '#core/run/lifecycle.ts';
import { isCheck } from '#core/run/modes.ts';
import type { RunDetail } from './run-page.tsx';

export function RunHead({ projectId, run, onChange }: { projectId: string; run: RunDetail; onChange: () => void }) {
  const trpc = useTRPC();
  const stop = useMutation(trpc.runs.stop.mutationOptions({ onSettled: onChange }));
  const waits = run.state === 'queued';
  const compared = run.parent ? `${run.number},${run.parent.number}` : `${run.number}`;
  return (
    <>
      <header className="head">
        <h1>
          <Swatch colour={runColour(run.number)} />
          {run.name} <span className="id">{runId(run.number)}</span>
        </h1>
        <div className="acts">
          {run.canWrite && !isCheck(run.config) && <TryRemedy run={run} />}
          {run.canWrite && (
            <ButtonLink href={`/p/${projectId}/runs/new?from=${run.id}`}>
              <Copy className="i" aria-hidden />
              Copy and change
            </ButtonLink>
          )}
          <ButtonLink href={`/p/${projectId}/runs?runs=${compared}`}>Compare</ButtonLink>
          {run.canWrite && !isOver(run.state) && (
            <Button
              pending={stop.isPending || run.stopRequestedAt !== null}
              onClick={() => stop.mutate({ runId: run.id })}
            >
              <Square className="i" aria-hidden />
              {run.stopRequestedAt ? 'Stopping' : waits ? 'Take out of the queue' : 'Stop, keep best'}
            </Button>
          )}
        </div>
      </header>
      {stop.isError && <ErrorState error={stop.error} />}
    </>
  );
}
