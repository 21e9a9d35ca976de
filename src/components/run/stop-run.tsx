import { useMutation } from '@tanstack/react-query';
import { Square } from 'lucide-react';
import { AskDialog } from '#components/forms/ask-dialog.tsx';
import { Button, ErrorState } from '#components/ui/index.ts';
import type { RunDetail } from './run-page.tsx';

/** A stopped run can't go on, so it is asked first. What waits has nothing to lose and leaves the queue at once. */
export function StopRun({ run, stop }: { run: RunDetail; stop: () => Promise<unknown> }) {
  const leave = useMutation({ mutationFn: stop });
  const asked = run.stopRequestedAt !== null;
  if (run.state === 'queued')
    return (
      <>
        <Button pending={leave.isPending || asked} onClick={() => leave.mutate()}>
          <Square className="i" aria-hidden />
          {asked ? 'Stopping' : 'Take out of the queue'}
        </Button>
        {leave.isError && <ErrorState error={leave.error} />}
      </>
    );
  return (
    <AskDialog
      title={`Stop ${run.name}?`}
      action="Stop the run"
      keep="Let it go on"
      trigger={
        <Button pending={asked}>
          <Square className="i" aria-hidden />
          {asked ? 'Stopping' : 'Stop, keep best'}
        </Button>
      }
      run={stop}
    >
      It ends after the step that it is at, and its best weights are kept. A stopped run can’t go on: another one can
      start from its weights.
    </AskDialog>
  );
}
