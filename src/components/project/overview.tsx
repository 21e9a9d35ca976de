'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import { useLive } from '../live/use-live.ts';
import { useTRPC } from '../trpc/client.tsx';
import { ButtonLink, ErrorState, PageHead, Skeleton, When } from '../ui/index.ts';
import { BestRun } from './best-run.tsx';
import { nextAction } from './next-action.ts';
import { Steps } from './steps.tsx';

/** Where the project stands: four steps, the best run, what happened lately, and one next action. */
export function Overview({ projectId }: { projectId: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const options = trpc.projects.overview.queryOptions({ projectId });
  const { data: project } = useQuery(trpc.projects.get.queryOptions({ projectId }));
  const { data: overview, error, refetch } = useQuery(options);
  useLive({ projectId }, (event) => {
    queryClient.invalidateQueries(options);
    queryClient.invalidateQueries(trpc.projects.get.queryFilter({ projectId }));
    // the rail shows the lock
    if (event.topic === 'project' || event.topic === 'opening')
      queryClient.invalidateQueries(trpc.people.frame.queryFilter());
  });
  if (error && !overview) return <ErrorState error={error} retry={() => refetch()} />;
  if (!overview || !project) return <Skeleton lines={6} />;
  const base = `/p/${projectId}`;
  const next = nextAction(overview);
  return (
    <>
      <PageHead
        title={project.name}
        about={
          <>
            {project.team.name}, {project.course.name}
            {project.archivedAt && <b className="warn"> · archived: it can be read, not changed</b>}
          </>
        }
        actions={
          next &&
          overview.canWrite && (
            <ButtonLink variant="go" href={base + next.href}>
              {next.label}
            </ButtonLink>
          )
        }
      />
      {next && <p className="strip">{next.why}</p>}
      <Steps overview={overview} base={base} />
      <div className="split2">
        <div className="min-w-0">
          <BestRun overview={overview} base={base} />
        </div>
        <aside className="side" aria-labelledby="lately">
          <section>
            <h2 id="lately">Lately</h2>
            {overview.lately.length === 0 ? (
              <p className="three small">Nothing yet.</p>
            ) : (
              <ol className="lately">
                {overview.lately.map((entry) => (
                  <li key={entry.id}>
                    {entry.by !== null && <b>{entry.by} </b>}
                    <Link href={base + entry.href}>{entry.sentence}</Link>
                    <small>
                      <When at={entry.at} />
                    </small>
                  </li>
                ))}
              </ol>
            )}
          </section>
        </aside>
      </div>
    </>
  );
}
