'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useLive } from '../live/use-live.ts';
import { useTRPC } from '../trpc/client.tsx';
import { ButtonLink, EmptyState, ErrorState, Skeleton } from '../ui/index.ts';
import { CertificateView } from './certificate-view.tsx';
import { CommittedView } from './committed-view.tsx';
import { SealedView } from './sealed-view.tsx';

/** How often to look while a referee works: a stalled one sends no event. */
const LOOK_MS = 2_000;

export function FinalPage({ projectId }: { projectId: string }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const final = useQuery({
    ...trpc.final.get.queryOptions({ projectId }),
    refetchInterval: ({ state }) => (state.data?.state === 'committed' ? LOOK_MS : false),
  });
  const later = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(later.current), []);
  useLive({ projectId }, (event) => {
    const read = () => client.invalidateQueries({ queryKey: trpc.final.get.queryKey({ projectId }) });
    if (event.topic === 'run') {
      // A run that trains says so many times a second; only its end changes this page.
      later.current ??= setTimeout(() => {
        later.current = undefined;
        read();
      }, LOOK_MS);
      return;
    }
    read();
    if (event.topic !== 'opening') return;
    // The lock in the project's bar and in the rail.
    client.invalidateQueries({ queryKey: trpc.projects.get.queryKey({ projectId }) });
    client.invalidateQueries({ queryKey: trpc.people.frame.queryKey() });
  });

  if (final.isPending) return <Skeleton lines={8} className="cer" />;
  if (!final.data)
    return (
      <ErrorState
        className="cer"
        title="The final test could not be read."
        error={final.error}
        retry={() => final.refetch()}
      />
    );
  const view = final.data;
  if (view.opening?.certificate) return <CertificateView view={view} certificate={view.opening.certificate} />;
  if (view.opening) return <CommittedView view={view} opening={view.opening} />;
  if (!view.sealed)
    return (
      <EmptyState
        title="Nothing is sealed yet"
        action={<ButtonLink href={`/p/${projectId}/data`}>Go to the data</ButtonLink>}
      >
        Once a data set is uploaded, Holdout splits it and seals the test part. It is opened here, once, when your model
        is final.
      </EmptyState>
    );
  return <SealedView view={view} sealed={view.sealed} />;
}
