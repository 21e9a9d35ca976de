'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { Report } from '#core/data/report.ts';
import type { SealedReport } from '#core/data/sealed-report.ts';
import { AskDialog } from '../forms/ask-dialog.tsx';
import { useLive } from '../live/use-live.ts';
import { type Outputs, useTRPC, useTRPCClient } from '../trpc/client.tsx';
import { Button, EmptyState, ErrorState, PageHead, Skeleton } from '../ui/index.ts';
import { ReviewForm } from './review-form.tsx';
import { SealedData } from './sealed-data.tsx';
import { StageLine } from './stage-line.tsx';
import { UploadBox } from './upload-box.tsx';
import { useUpload } from './use-upload.ts';
import { fileSize, onDay } from './words.ts';

export type Dataset = NonNullable<Outputs['datasets']['ofProject']['dataset']>;

/** How often to look while the referee works: a stalled one sends no event. */
const LOOK_MS = 2_000;
const AT_WORK = new Set(['uploaded', 'inspecting', 'confirmed', 'splitting']);

/** From an empty project to the sealed data set: one page that follows the state of the row. */
export function DataPage({ projectId }: { projectId: string }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const query = useQuery({
    ...trpc.datasets.ofProject.queryOptions({ projectId }),
    refetchInterval: ({ state }) => (state.data?.dataset && AT_WORK.has(state.data.dataset.state) ? LOOK_MS : false),
  });
  const refresh = useCallback(() => {
    void client.invalidateQueries({ queryKey: trpc.datasets.ofProject.queryKey({ projectId }) });
  }, [client, trpc, projectId]);
  // Here and not in the box, which the page leaves and draws anew while the upload goes on.
  const uploader = useUpload(projectId, refresh);
  useLive({ projectId }, (event) => {
    if (event.topic !== 'dataset' && event.topic !== 'resync') return;
    refresh();
    // The lock in the project's bar and in the rail.
    void client.invalidateQueries({ queryKey: trpc.projects.get.queryKey({ projectId }) });
    void client.invalidateQueries({ queryKey: trpc.people.frame.queryKey() });
  });
  if (query.isPending) return <Skeleton lines={8} />;
  if (!query.data)
    return <ErrorState title="The data could not be read." error={query.error} retry={() => query.refetch()} />;

  const { dataset, canWrite, maxBytes, validationLooks } = query.data;
  const upload = (unfinished?: string) => <UploadBox uploader={uploader} maxBytes={maxBytes} unfinished={unfinished} />;
  if (!dataset)
    return canWrite ? (
      <>
        <PageHead title="Data" about="Holdout splits it 70 / 15 / 15 and seals the test part before anyone can look." />
        {upload()}
      </>
    ) : (
      <EmptyState title="No data yet">The team has not uploaded a data set.</EmptyState>
    );
  if (dataset.state === 'sealed')
    return <SealedData dataset={dataset} report={dataset.report as SealedReport} looks={validationLooks} />;
  if (dataset.state === 'review' && dataset.report)
    return (
      <ReviewForm
        key={dataset.id}
        dataset={dataset}
        report={dataset.report as Report}
        canWrite={canWrite}
        onChange={refresh}
      />
    );
  if (dataset.state === 'failed')
    return (
      <>
        <PageHead title="Data" />
        <ErrorState title={`${dataset.filename} was refused.`} error={refusalOf(dataset)} />
        <p className="small two mt-2 mb-4">Nothing of it was kept. Mend the file and upload it again.</p>
        {canWrite && upload()}
      </>
    );
  return (
    <>
      <PageHead
        title={dataset.name}
        about={
          <>
            <code>{dataset.filename}</code>, {fileSize(dataset.bytes)}, uploaded by {dataset.createdBy} on{' '}
            {onDay(dataset.createdAt)}
          </>
        }
        actions={canWrite && dataset.state !== 'splitting' && <CancelButton datasetId={dataset.id} onDone={refresh} />}
      />
      {dataset.state === 'uploading' ? (
        canWrite && upload(dataset.filename)
      ) : (
        <StageLine
          stages={dataset.stages}
          working
          progress={dataset.progress}
          notes={{ uploaded: fileSize(dataset.bytes) }}
        />
      )}
    </>
  );
}

/** The row's error in the shape that tRPC's errors have, so that its items are listed too. */
function refusalOf({ error, report }: Dataset): Error {
  const items = (report as { problems?: Report['problems'] } | null)?.problems?.first ?? [];
  return Object.assign(new Error(error ?? 'It can’t be read.'), { data: { app: { code: 'invalid_data', items } } });
}

export function CancelButton({ datasetId, onDone }: { datasetId: string; onDone: () => void }) {
  const client = useTRPCClient();
  return (
    <AskDialog
      title="Delete this upload?"
      action="Delete the upload"
      trigger={<Button>Cancel and delete this upload</Button>}
      run={() => client.datasets.cancel.mutate({ datasetId }).finally(onDone)}
    >
      The file and what was found in it are deleted from the server. Nothing of it is sealed yet; you can upload it
      again.
    </AskDialog>
  );
}
