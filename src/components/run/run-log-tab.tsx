'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '#components/trpc/client.tsx';
import { ErrorState, Skeleton } from '#components/ui/index.ts';
import { count, duration } from '#core/format/numbers.ts';
import type { RunDetail } from './run-page.tsx';

const LINES = 1_000;

/** The newest lines of what the trainer said, and what became of each attempt. */
export function RunLogTab({ run }: { run: RunDetail }) {
  const trpc = useTRPC();
  const log = useQuery(trpc.runs.log.queryOptions({ runId: run.id, limit: LINES }));
  return (
    <div className="grid gap-6">
      {run.attempts.length > 0 && (
        <section>
          <h2 className="mb-2">Attempts</h2>
          <table>
            <thead>
              <tr>
                <th scope="col">Attempt</th>
                <th scope="col">Trainer</th>
                <th scope="col">Began</th>
                <th scope="col" className="n">
                  Took
                </th>
                <th scope="col" className="n">
                  From step
                </th>
                <th scope="col">Ended</th>
              </tr>
            </thead>
            <tbody>
              {run.attempts.map((attempt) => (
                <tr key={attempt.number}>
                  <td>{attempt.number}</td>
                  <td>{attempt.trainer ? `${attempt.trainer.name}, ${attempt.trainer.device}` : ''}</td>
                  <td suppressHydrationWarning>{attempt.startedAt.toLocaleString('en-GB')}</td>
                  <td className="n">
                    {attempt.endedAt && duration((attempt.endedAt.getTime() - attempt.startedAt.getTime()) / 1000)}
                  </td>
                  <td className="n">{attempt.resumedStep === null ? '0' : count(attempt.resumedStep)}</td>
                  <td>{attempt.outcome ?? (attempt.endedAt ? '' : 'still runs')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <section>
        <h2 className="mb-2">Log</h2>
        {log.error ? (
          <ErrorState error={log.error} retry={() => void log.refetch()} />
        ) : !log.data ? (
          <Skeleton lines={5} />
        ) : log.data.length === 0 ? (
          <p className="two">Nothing yet. The trainer writes here when it takes the run.</p>
        ) : (
          <>
            {log.data.length === LINES && <p className="small two mb-2">The newest {count(LINES)} lines.</p>}
            <ol className="log" aria-label="Log lines">
              {log.data.map((line) => (
                <li
                  key={line.id}
                  className={line.level === 'error' ? 'bad' : line.level === 'warning' ? 'warn' : undefined}
                >
                  <time dateTime={line.at.toISOString()} suppressHydrationWarning>
                    {line.at.toLocaleTimeString('en-GB')}
                  </time>
                  <span>
                    {line.level !== 'info' && <b>{line.level}: </b>}
                    {line.message}
                  </span>
                </li>
              ))}
            </ol>
          </>
        )}
      </section>
    </div>
  );
}
