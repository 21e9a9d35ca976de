'use client';

import { Copy } from 'lucide-react';
import { TryRemedy } from '#components/comparison/try-remedy.tsx';
import { useTRPCClient } from '#components/trpc/client.tsx';
import { ButtonLink, Swatch } from '#components/ui/index.ts';
import { runId } from '#core/format/numbers.ts';
import { isOver } from '#core/run/lifecycle.ts';
import { isCheck } from '#core/run/modes.ts';
import type { RunDetail } from './run-page.tsx';
import { StopRun } from './stop-run.tsx';

export function RunHead({ projectId, run, onChange }: { projectId: string; run: RunDetail; onChange: () => void }) {
  const client = useTRPCClient();
  const compared = run.parent ? `${run.number},${run.parent.number}` : `${run.number}`;
  return (
    <header className="head">
      <h1>
        <Swatch run={run.number} />
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
          <StopRun run={run} stop={() => client.runs.stop.mutate({ runId: run.id }).finally(onChange)} />
        )}
      </div>
    </header>
  );
}
