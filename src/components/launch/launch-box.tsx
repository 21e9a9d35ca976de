'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTRPC } from '#components/trpc/client.tsx';
import { Button, ErrorState, Field, Input } from '#components/ui/index.ts';
import type { RunConfig } from '#core/config/run-config.ts';
import { ordinal } from '#core/format/numbers.ts';
import { MODE_WORDS } from '#core/run/modes.ts';

export function LaunchBox({
  projectId,
  datasetId,
  config,
  suggested,
  name,
  onName,
  repeats,
  parentId,
  canWrite,
  waiting,
  busy,
  trainers,
}: {
  projectId: string;
  datasetId: string;
  /** null while something is wrong */
  config: RunConfig | null;
  suggested: string;
  /** null = the suggestion */
  name: string | null;
  onName: (name: string | null) => void;
  repeats: number;
  parentId: string | undefined;
  canWrite: boolean;
  waiting: number;
  busy: boolean;
  trainers: readonly { name: string; device: string }[];
}) {
  const trpc = useTRPC();
  const router = useRouter();
  const queries = useQueryClient();
  const launch = useMutation(
    trpc.runs.launch.mutationOptions({
      onSuccess: async ({ runs }) => {
        await queries.invalidateQueries(trpc.runs.pathFilter());
        void queries.invalidateQueries(trpc.projects.pathFilter());
        const base = `/p/${projectId}/runs`;
        router.push(
          runs.length === 1 ? `${base}/${runs[0]!.id}` : `${base}?runs=${runs.map((r) => r.number).join(',')}`,
        );
      },
    }),
  );

  function go() {
    if (!config) return;
    launch.mutate({
      projectId,
      datasetId,
      config,
      name: name?.trim() || suggested,
      ...(repeats > 1 && { seeds: Array.from({ length: repeats }, (_, i) => config.seed + i) }),
      ...(parentId && { parentId }),
    });
  }

  return (
    <div className="golaunch">
      <Field label="Name">
        <Input
          value={name ?? suggested}
          maxLength={80}
          style={{ width: '100%' }}
          onChange={(event) => onName(event.target.value === suggested ? null : event.target.value)}
        />
      </Field>
      <div className="row">
        <Button variant="go" disabled={!config || !canWrite} pending={launch.isPending} onClick={go}>
          {launch.isPending
            ? 'Launching'
            : repeats > 1
              ? `Launch ${repeats} runs`
              : MODE_WORDS[config?.mode ?? 'train'].launch}
        </Button>
        {!config && canWrite && <span className="small two">Mend what is marked first.</span>}
      </div>
      <p className="small two" aria-live="polite">
        {canWrite
          ? config && <Queue waiting={waiting} busy={busy} trainers={trainers} />
          : 'Only members of the team launch runs. You can read everything here.'}
      </p>
      {launch.isError && <ErrorState error={launch.error} />}
    </div>
  );
}

function Queue({
  waiting,
  busy,
  trainers,
}: {
  waiting: number;
  busy: boolean;
  trainers: readonly { name: string; device: string }[];
}) {
  if (trainers.length === 0) return 'No trainer is up. The run waits until one starts, and then begins by itself.';
  const where =
    trainers.length === 1
      ? `${trainers[0]!.device} of ${trainers[0]!.name}`
      : `whichever of ${trainers.length} trainers is free first`;
  if (waiting === 0)
    return busy
      ? `Nobody waits, but every device trains. It starts on ${where} as soon as one is free.`
      : `Nobody waits. It starts on ${where} at once.`;
  return (
    <>
      It will be <b className="text-ink">{ordinal(waiting + 1)} in the queue</b> and start on {where}. Teams take turns,
      so it may come sooner.
    </>
  );
}
