'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '#components/trpc/client.tsx';
import { ErrorState, Skeleton, TableRegion } from '#components/ui/index.ts';
import { fileSize } from '#core/format/numbers.ts';
import { isOver } from '#core/run/lifecycle.ts';
import { RunCheckpoints } from './run-checkpoints.tsx';
import type { RunDetail } from './run-page.tsx';

export function RunFilesTab({ run }: { run: RunDetail }) {
  return (
    <div className="grid gap-6">
      <section className="min-w-0">
        <h2 className="mb-2">Checkpoints</h2>
        <RunCheckpoints run={run} />
      </section>
      <section className="min-w-0">
        <h2 className="mb-2">Files</h2>
        <Files run={run} />
      </section>
    </div>
  );
}

function Files({ run }: { run: RunDetail }) {
  const trpc = useTRPC();
  const files = useQuery(trpc.runs.artifacts.queryOptions({ runId: run.id }));
  if (files.error) return <ErrorState error={files.error} retry={() => void files.refetch()} />;
  if (!files.data) return <Skeleton lines={3} />;
  return (
    <>
      <TableRegion label="Files">
        <table>
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">Kind</th>
              <th scope="col" className="n">
                Size
              </th>
              <th scope="col">Written</th>
            </tr>
          </thead>
          <tbody>
            {files.data.map((file) => (
              <tr key={file.id}>
                <td>
                  <a
                    className="mono"
                    href={`/api/v1/runs/${run.id}/artifacts/${encodeURIComponent(file.name)}`}
                    download={file.name}
                  >
                    {file.name}
                  </a>
                </td>
                <td>{file.mediaType}</td>
                <td className="n">{fileSize(file.bytes)}</td>
                <td suppressHydrationWarning>{file.createdAt.toLocaleString('en-GB')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableRegion>
      {!isOver(run.state) && <p className="small two mt-2">The best weights appear here when the run has ended.</p>}
    </>
  );
}
