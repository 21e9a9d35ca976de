'use client';

import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { type Outputs, useTRPC } from '#components/trpc/client.tsx';
import { Button, ErrorState, Menu, MenuItem, Skeleton, TableRegion, When } from '#components/ui/index.ts';
import { EXPORT_FORMATS } from '#core/export-formats.ts';
import { count, metricValue } from '#core/format/numbers.ts';
import { keptWords } from '#core/run/kept-checkpoints.ts';
import { isOver } from '#core/run/lifecycle.ts';
import type { RunDetail } from './run-page.tsx';
import { frameOf, METRIC_WORDS } from './run-view.ts';

type Checkpoints = Outputs['runs']['checkpoints'];

/** What is kept of the run's weights, each with its validation metrics and the formats that it can be taken home in. */
export function RunCheckpoints({ run }: { run: RunDetail }) {
  const trpc = useTRPC();
  const found = useQuery(trpc.runs.checkpoints.queryOptions({ runId: run.id }));
  if (found.error) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton lines={3} />;
  const { checkpoints, formats } = found.data;
  if (checkpoints.length === 0)
    return (
      <p className="two">
        {isOver(run.state)
          ? 'None: it ended before its weights were kept.'
          : 'The first one is written after some seconds of training.'}
      </p>
    );
  const { lead } = frameOf(run);
  return (
    <>
      <TableRegion label="Checkpoints">
        <table>
          <thead>
            <tr>
              <th scope="col">Kept as</th>
              <th scope="col" className="n">
                Epoch
              </th>
              <th scope="col" className="n">
                Validation {METRIC_WORDS[lead]}
              </th>
              <th scope="col" className="n">
                Validation loss
              </th>
              <th scope="col" className="n">
                Step
              </th>
              <th scope="col">Written</th>
              <th scope="col">Export</th>
            </tr>
          </thead>
          <tbody>
            {checkpoints.map((checkpoint) => (
              <tr key={checkpoint.id}>
                <td>{keptWords(checkpoint.kept, run.config.checkpoints.everyEpochs)}</td>
                <td className="n">{checkpoint.epoch}</td>
                <td className="n">{metricValue(lead, checkpoint.metrics[`${lead}/validation`])}</td>
                <td className="n">{metricValue('loss', checkpoint.metrics['loss/validation'])}</td>
                <td className="n">{count(checkpoint.step)}</td>
                <td>
                  <When at={checkpoint.createdAt} />
                </td>
                <td>
                  <ExportMenu runId={run.id} checkpoint={checkpoint} formats={formats} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableRegion>
      {[...new Set(formats.flatMap(({ reason }) => reason ?? []))].map((reason) => (
        <p key={reason} className="small two mt-2">
          {reason}
        </p>
      ))}
    </>
  );
}

function ExportMenu({
  runId,
  checkpoint,
  formats,
}: {
  runId: string;
  checkpoint: Checkpoints['checkpoints'][number];
  formats: Checkpoints['formats'];
}) {
  return (
    <Menu
      align="end"
      trigger={
        <Button size="s" aria-label={`Export the checkpoint of epoch ${checkpoint.epoch}`}>
          <Download className="i" aria-hidden />
          Export
        </Button>
      }
    >
      {formats.map(({ format, reason }) => (
        <MenuItem
          key={format}
          disabled={reason !== null}
          download={`/api/v1/runs/${runId}/checkpoints/${checkpoint.id}/export?format=${format}`}
        >
          <span>{EXPORT_FORMATS[format].name}</span>
          <span className="end">{EXPORT_FORMATS[format].about}</span>
        </MenuItem>
      ))}
    </Menu>
  );
}
