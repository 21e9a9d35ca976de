'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { z } from 'zod';
import { AskDialog } from '#components/forms/ask-dialog.tsx';
import { useSubmit, useZodForm } from '#components/forms/use-zod-form.ts';
import { useTRPC, useTRPCClient } from '#components/trpc/client.tsx';
import { Button, Dialog, ErrorState, Field, Input } from '#components/ui/index.ts';
import { isOver } from '#core/run/lifecycle.ts';
import { runName } from '#core/run/name.ts';
import type { RunDetail } from './run-page.tsx';

/** What its team may do with a run beside training: another name, and, once it is over, away with it. */
export function RunManage({ projectId, run }: { projectId: string; run: RunDetail }) {
  const client = useTRPCClient();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  return (
    <section aria-label="Manage" className="flex flex-wrap gap-2">
      <Rename
        key={run.name}
        name={run.name}
        save={async (name) => {
          await client.runs.rename.mutate({ runId: run.id, name });
          await queries.invalidateQueries(trpc.runs.pathFilter());
        }}
      />
      {isOver(run.state) && (
        <AskDialog
          title={`Delete ${run.name}?`}
          action="Delete the run"
          trigger={
            <Button size="s" variant="quiet">
              Delete
            </Button>
          }
          run={async () => {
            await client.runs.delete.mutate({ runId: run.id });
            router.push(`/p/${projectId}/runs`);
            void queries.invalidateQueries(trpc.projects.pathFilter());
            await queries.invalidateQueries(trpc.runs.list.pathFilter());
          }}
        >
          Its curves, log and weights go for good. What it looked at on validation stays counted.
        </AskDialog>
      )}
    </section>
  );
}

function Rename({ name, save }: { name: string; save: (name: string) => Promise<unknown> }) {
  const [open, setOpen] = useState(false);
  const form = useZodForm(z.object({ name: runName }), { name });
  const { onSubmit, busy, failure } = useSubmit(form, async (input) => {
    await save(input.name);
    setOpen(false);
  });
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title="Rename the run"
      trigger={
        <Button size="s" variant="quiet">
          Rename
        </Button>
      }
    >
      <form noValidate onSubmit={onSubmit} className="stack">
        {failure !== null && <ErrorState error={failure} />}
        <Field label="Name" error={form.formState.errors.name?.message}>
          <Input autoComplete="off" {...form.register('name')} />
        </Field>
        <div>
          <Button type="submit" pending={busy}>
            Rename
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
