'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTRPC } from '../trpc/client.tsx';
import { Button, ErrorState } from '../ui/index.ts';

/** One click: a project with the digits, split and sealed, and two runs that train. @param courseId null: a sample course of one's own */
export function TrySample({ courseId }: { courseId: string | null }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queries = useQueryClient();
  const start = useMutation(
    trpc.samples.start.mutationOptions({
      onSuccess: async ({ projectId }) => {
        router.push(`/p/${projectId}`);
        // The rail lists the new course and project.
        await queries.invalidateQueries(trpc.people.frame.queryFilter());
      },
    }),
  );
  return (
    <>
      <Button pending={start.isPending || start.isSuccess} onClick={() => start.mutate({ courseId })}>
        Try it with handwritten digits
      </Button>
      {start.error && <ErrorState error={start.error} />}
    </>
  );
}
