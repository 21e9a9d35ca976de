'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '#components/trpc/client.tsx';
import { ButtonLink, EmptyState, ErrorState, PageHead, Skeleton } from '#components/ui/index.ts';
import { LaunchForm } from './launch-form.tsx';

/** The queue moves while a person thinks. */
const QUEUE_MS = 10_000;

/**
 * @param from the run that this one is a copy of
 * @param withWeights the copy begins with that run's best weights
 */
export function LaunchPage({
  projectId,
  from,
  withWeights,
}: {
  projectId: string;
  from: string | undefined;
  withWeights: boolean;
}) {
  const trpc = useTRPC();
  const info = useQuery({ ...trpc.runs.launchInfo.queryOptions({ projectId }), refetchInterval: QUEUE_MS });
  const parent = useQuery(trpc.runs.get.queryOptions({ runId: from ?? '' }, { enabled: from !== undefined }));
  const failed = (info.data ? null : info.error) ?? (parent.data ? null : parent.error);

  if (failed)
    return (
      <>
        <PageHead title="Launch a run" />
        <ErrorState error={failed} retry={() => void (info.error ? info.refetch() : parent.refetch())} />
      </>
    );
  if (!info.data || (from !== undefined && !parent.data))
    return (
      <>
        <PageHead title="Launch a run" />
        <Skeleton lines={8} />
      </>
    );
  if (!info.data.dataset)
    return (
      <>
        <PageHead title="Launch a run" />
        <EmptyState
          title="There is no sealed data set yet"
          action={<ButtonLink href={`/p/${projectId}/data`}>Go to Data</ButtonLink>}
        >
          A run trains on the train part of a data set that has been split and sealed. Upload one, and confirm its
          split.
        </EmptyState>
      </>
    );
  return (
    <LaunchForm
      key={`${from ?? 'new'} ${withWeights}`}
      projectId={projectId}
      info={info.data}
      dataset={info.data.dataset}
      parent={parent.data ?? null}
      withWeights={withWeights}
    />
  );
}
