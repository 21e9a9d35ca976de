'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { projectName } from '#core/people/inputs.ts';
import { NameDialog } from '../forms/name-dialog.tsx';
import { LOCK_WORDS, LockMark } from '../frame/lock-mark.tsx';
import { useTRPC, useTRPCClient } from '../trpc/client.tsx';
import { Button, EmptyState, ErrorState, PageHead, Skeleton, TableRegion } from '../ui/index.ts';
import { TrySample } from './try-sample.tsx';

/** A student's place in the course: the team, who is in it, its projects. */
export function TeamPage({ courseId, newProject }: { courseId: string; newProject: boolean }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const router = useRouter();
  const query = useQuery(trpc.courses.get.queryOptions({ courseId }));
  const course = query.data;
  if (query.error) return <ErrorState error={query.error} retry={() => query.refetch()} />;
  if (!course) return <Skeleton />;
  const team = course.teams.find((one) => one.id === course.teamId);
  if (!team) {
    return (
      <EmptyState title="You are in no team yet">
        Your instructor will put you into one. After that your team's projects are here.
      </EmptyState>
    );
  }
  const members = course.members.filter((member) => member.teamId === team.id).map((member) => member.name);
  const projects = team.projects.filter((project) => !project.archived);
  const archived = team.projects.filter((project) => project.archived);
  const add = (
    <NameDialog
      open={newProject}
      title="New project"
      label="Name"
      hint="One project holds one data set, its runs, and one opening of its test part."
      action="Create project"
      schema={projectName}
      trigger={
        <Button variant={projects.length === 0 ? 'go' : 'plain'}>
          <Plus className="i" aria-hidden />
          New project
        </Button>
      }
      save={async (name) => {
        const { id } = await client.projects.create.mutate({ teamId: team.id, name });
        await queryClient.invalidateQueries();
        router.push(`/p/${id}`);
      }}
    />
  );
  return (
    <>
      <PageHead title={team.name} about={members.join(', ')} actions={projects.length > 0 && add} />
      {projects.length === 0 ? (
        <EmptyState
          title="No project yet"
          action={
            <>
              {add}
              <TrySample courseId={courseId} />
            </>
          }
        >
          A project holds one data set. Holdout splits it, seals the test part, and opens it once, when your team has
          chosen its final run.
        </EmptyState>
      ) : (
        <TableRegion label="Projects" className="mt-4">
          <table>
            <thead>
              <tr>
                <th scope="col">Project</th>
                <th scope="col" className="n">
                  Runs
                </th>
                <th scope="col">Test part</th>
              </tr>
            </thead>
            <tbody>
              {projects.map((project) => (
                <tr key={project.id}>
                  <td>
                    <Link href={`/p/${project.id}`}>
                      <b>{project.name}</b>
                    </Link>
                  </td>
                  <td className="n">{project.runs}</td>
                  <td>
                    <span className="dot">
                      <LockMark lock={project.lock} />
                      {LOCK_WORDS[project.lock]}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableRegion>
      )}
      {archived.length > 0 && (
        <p className="small three mt-4">
          Archived:{' '}
          {archived.map((project, i) => (
            <span key={project.id}>
              {i > 0 && ', '}
              <Link href={`/p/${project.id}`}>{project.name}</Link>
            </span>
          ))}
        </p>
      )}
    </>
  );
}
