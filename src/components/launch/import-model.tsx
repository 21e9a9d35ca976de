'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Upload } from 'lucide-react';
import { useRef } from 'react';
import { AskDialog } from '#components/forms/ask-dialog.tsx';
import { useTRPC, useTRPCClient } from '#components/trpc/client.tsx';
import { Button, ErrorState } from '#components/ui/index.ts';
import type { Source } from './use-sources.ts';

/** Picks the files of one model, sends them, and says what can't be taken. */
export function ImportModel({ projectId, onImported }: { projectId: string; onImported: (id: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const trpc = useTRPC();
  const queries = useQueryClient();
  const upload = useMutation({
    mutationFn: (files: readonly File[]) => send(projectId, files),
    async onSuccess(id) {
      await queries.invalidateQueries(trpc.runs.sources.pathFilter());
      onImported(id);
    },
  });
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files of the model"
        accept=".keras,.h5,.hdf5,.json,.bin,.zip,.safetensors"
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = '';
          if (files.length > 0) upload.mutate(files);
        }}
      />
      <div>
        <Button size="s" pending={upload.isPending} onClick={() => input.current?.click()}>
          <Upload className="i" aria-hidden />
          {upload.isPending ? 'Reading the model' : 'Upload a model'}
        </Button>
      </div>
      <p className="tiny three basis-full">
        Keras (.keras, .h5), TensorFlow.js (model.json and its weight files) or safetensors with a JSON specification.
        Images are fed to it as numbers from 0 to 1.
      </p>
      {upload.isError && (
        <div className="basis-full">
          <ErrorState error={upload.error} />
        </div>
      )}
    </>
  );
}

/** For an uploaded model that is chosen: takes it away. */
export function DeleteModel({ model }: { model: Source }) {
  const client = useTRPCClient();
  const trpc = useTRPC();
  const queries = useQueryClient();
  return (
    <AskDialog
      title={`Delete the model ${model.name}?`}
      action="Delete the model"
      trigger={
        <Button size="s" variant="quiet">
          Delete this model
        </Button>
      }
      run={async () => {
        await client.runs.deleteModel.mutate({ modelId: model.id });
        await queries.invalidateQueries(trpc.runs.sources.pathFilter());
      }}
    >
      No new run can start from it then. Runs that did keep their weights, and say where they came from.
    </AskDialog>
  );
}

async function send(projectId: string, files: readonly File[]): Promise<string> {
  const form = new FormData();
  for (const file of files) form.append('file', file, file.name);
  const response = await fetch(`/api/v1/projects/${projectId}/models`, { method: 'POST', body: form });
  const answer = (await response.json().catch(() => null)) as { id?: string; detail?: string; title?: string } | null;
  if (!response.ok || !answer?.id)
    throw new Error(answer?.detail ?? answer?.title ?? 'The server did not answer. Try again.');
  return answer.id;
}
