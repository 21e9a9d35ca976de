'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTRPC } from '../trpc/client.tsx';
import { Button, ErrorState, Field, Input } from '../ui/index.ts';

/** The one act. The button wakes when the project's name stands there letter for letter. */
export function OpenForm({
  projectId,
  name,
  runId,
  epoch,
}: {
  projectId: string;
  name: string;
  runId: string;
  /** whose weights */
  epoch: number;
}) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const [typed, type] = useState('');
  const commit = useMutation(
    trpc.final.commit.mutationOptions({
      onSettled: () =>
        Promise.all([
          client.invalidateQueries({ queryKey: trpc.final.get.queryKey({ projectId }) }),
          client.invalidateQueries({ queryKey: trpc.projects.get.queryKey({ projectId }) }),
        ]),
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    commit.mutate({ projectId, runId, confirmation: typed, ...(epoch > 0 && { epoch }) });
  };
  return (
    <form onSubmit={submit}>
      <div className="typed">
        <Field
          label={
            <>
              Type the project’s name, <b className="text-ink">{name}</b>
            </>
          }
        >
          <Input value={typed} onChange={(event) => type(event.target.value)} autoComplete="off" spellCheck={false} />
        </Field>
        <Button type="submit" variant="go" disabled={typed !== name} pending={commit.isPending}>
          Open the test part
        </Button>
      </div>
      {commit.error && <ErrorState error={commit.error} className="mt-3" />}
    </form>
  );
}
