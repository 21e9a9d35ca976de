'use client';

import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { count, fileSize, ordinal, runId } from '#core/format/numbers.ts';
import { type Outputs, useTRPC } from '../trpc/client.tsx';
import { EmptyState, ErrorState, PageHead, Progress, Skeleton, TableRegion, When } from '../ui/index.ts';

type List = Outputs['trainers']['list'];
type Trainer = List['trainers'][number];

const STATE = { busy: 'training', free: 'free', lost: 'silent', stopped: 'stopped' };

/** The devices, the engine of each and why, and who waits. */
export function Trainers() {
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery({ ...trpc.trainers.list.queryOptions(), refetchInterval: 2_000 });
  if (error && !data) return <ErrorState error={error} retry={() => refetch()} />;
  if (!data) return <Skeleton />;
  const { trainers, queue } = data;
  const alive = trainers.filter((trainer) => trainer.state === 'busy' || trainer.state === 'free');
  const busy = alive.filter((trainer) => trainer.state === 'busy').length;
  const fallback = alive.filter((trainer) => trainer.engine !== 'tensorflow');
  return (
    <>
      <PageHead
        title="Trainers"
        about={
          alive.length === 0
            ? 'None runs now'
            : `${busy} of ${alive.length} busy, ${queue.length === 0 ? 'nobody waits' : `${count(queue.length)} ${queue.length === 1 ? 'run waits' : 'runs wait'}`}`
        }
      />
      {fallback.length > 0 && (
        <div className="say mt-3 max-w-[80ch]">
          <TriangleAlert className="i warn" aria-hidden />
          <p>
            <b className="warn">
              {fallback.length === alive.length ? 'Training runs' : `${fallback.map((one) => one.name).join(', ')} run`}{' '}
              on the slower fallback engine.
            </b>{' '}
            To train at full speed, give Holdout TensorFlow&rsquo;s C library: install Python&rsquo;s <code>pip</code>{' '}
            and start again with a network, or set <code>HOLDOUT_TENSORFLOW</code> to a folder that holds{' '}
            <code>libtensorflow_cc.so.2</code>. The reason stands beside each trainer.
          </p>
        </div>
      )}
      {trainers.length === 0 ? (
        <EmptyState title="No trainer">
          <code>npm start</code> starts one beside this server. On another machine, <code>npm run trainer</code> with
          the same <code>DATABASE_URL</code> adds its device.
        </EmptyState>
      ) : (
        <TableRegion label="Devices" className="mt-4">
          <table className="trainers">
            <thead>
              <tr>
                <th scope="col">Trainer</th>
                <th scope="col">Now</th>
                <th scope="col" className="n">
                  Items/s
                </th>
                <th scope="col">Engine and why</th>
                <th scope="col">Last sign of life</th>
              </tr>
            </thead>
            <tbody>
              {trainers.map((trainer) => (
                <TrainerRow key={trainer.id} trainer={trainer} />
              ))}
            </tbody>
          </table>
        </TableRegion>
      )}
      <section className="sec mt" aria-labelledby="queue">
        <header>
          <h2 id="queue">Queue</h2>
          <span className="small three">teams take turns; interrupted runs go first</span>
        </header>
        {queue.length === 0 ? (
          <p className="three">Nobody waits. A run that is launched now starts as soon as a trainer is free.</p>
        ) : (
          <Queue queue={queue} />
        )}
      </section>
    </>
  );
}

function TrainerRow({ trainer }: { trainer: Trainer }) {
  const runs = trainer.state === 'busy' ? trainer.runs : [];
  const speed = runs.reduce((sum, run) => sum + (run.itemsPerSecond ?? 0), 0);
  return (
    <tr>
      <td>
        <b>{trainer.name}</b>
        <span className="block tiny three">
          {trainer.device}
          {trainer.threads !== null && `, ${trainer.threads} ${trainer.threads === 1 ? 'thread' : 'threads'}`}
          {trainer.memoryBytes !== null && `, ${fileSize(trainer.memoryBytes)} of memory`}
          {trainer.bf16 && ', bf16'}
        </span>
      </td>
      <td className="wrap">
        <span className={trainer.state === 'lost' ? 'warn' : undefined}>{STATE[trainer.state]}</span>
        {runs.map((run) => (
          <span key={run.id} className="block mt-1">
            {run.visible ? (
              <Link href={`/p/${run.visible.projectId}/runs/${run.visible.runId}`}>
                {runId(run.visible.number)} {run.visible.name}
              </Link>
            ) : (
              <span className="three">a run of another team</span>
            )}
            {run.visible && <span className="block tiny three">{run.visible.team}</span>}
            <span className="block mt-1 max-w-[200px]">
              <Progress
                label={`Steps of ${run.visible ? runId(run.visible.number) : 'a run'}`}
                value={run.step}
                max={run.totalSteps}
              />
            </span>
          </span>
        ))}
      </td>
      <td className="n">{speed > 0 ? count(speed) : ''}</td>
      <td className="wrap max-w-[420px]">
        {trainer.version ?? trainer.engine}
        {trainer.engine !== 'tensorflow' && <span className="warn"> fallback</span>}
        {trainer.reason && <span className="block tiny three">{trainer.reason}</span>}
      </td>
      <td>
        <When at={trainer.heartbeatAt} />
      </td>
    </tr>
  );
}

function Queue({ queue }: { queue: List['queue'] }) {
  return (
    <TableRegion label="Table of waiting runs">
      <table>
        <thead>
          <tr>
            <th scope="col">Place</th>
            <th scope="col">Run</th>
            <th scope="col">Project</th>
            <th scope="col">Team</th>
            <th scope="col">Waits since</th>
          </tr>
        </thead>
        <tbody>
          {queue.map(({ position, visible }) => (
            <tr key={position}>
              <td>{ordinal(position)}</td>
              {visible ? (
                <>
                  <td>
                    <Link href={`/p/${visible.projectId}/runs/${visible.runId}`}>
                      {runId(visible.number)} {visible.name}
                    </Link>
                  </td>
                  <td>{visible.project}</td>
                  <td>{visible.team}</td>
                  <td>
                    <When at={visible.createdAt} />
                  </td>
                </>
              ) : (
                <td colSpan={4} className="three">
                  a run of another team
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </TableRegion>
  );
}
