'use client';

import { useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import Link from 'next/link';
import { projectName, teamName } from '#core/people/inputs.ts';
import { NameDialog } from '../forms/name-dialog.tsx';
import { LOCK_WORDS, LockMark } from '../frame/lock-mark.tsx';
import { type Outputs, useTRPCClient } from '../trpc/client.tsx';
import { Button, TableRegion } from '../ui/index.ts';

type Course = Outputs['courses']['get'];

/** The teams with who is in them and, where one may see them, their projects. */
export function Teams({ course }: { course: Course }) {
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries();
  const people = (teamId: string) => course.members.filter((member) => member.teamId === teamId);
  return (
    <section className="sec" aria-labelledby="teams">
      <header>
        <h2 id="teams">Teams</h2>
        {course.isInstructor && (
          <div className="end">
            <NameDialog
              title="New team"
              label="Name"
              action="Create team"
              schema={teamName}
              trigger={
                <Button size="s">
                  <Plus className="i" aria-hidden />
                  New team
                </Button>
              }
              save={async (name) => {
                await client.courses.createTeam.mutate({ courseId: course.id, name });
                await refresh();
              }}
            />
          </div>
        )}
      </header>
      {course.teams.length === 0 ? (
        <p className="three">
          No team yet.{' '}
          {course.isInstructor
            ? 'Create one, then invite students straight into it.'
            : 'Your instructor will put you into one.'}
        </p>
      ) : (
        <TableRegion label="Table of teams">
          <table className="teams">
            <thead>
              <tr>
                <th scope="col">Team</th>
                <th scope="col">Members</th>
                <th scope="col">Projects</th>
                {course.isInstructor && (
                  <th scope="col">
                    <span className="vh">Actions</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {course.teams.map((team) => (
                <tr key={team.id}>
                  <td>
                    <b>{team.name}</b>
                    {team.id === course.teamId && <span className="three"> yours</span>}
                  </td>
                  <td className="wrap">
                    {people(team.id)
                      .map((member) => member.name)
                      .join(', ') || <span className="three">nobody yet</span>}
                  </td>
                  <td className="wrap">
                    {team.projects
                      .filter((project) => !project.archived)
                      .map((project) => (
                        <Link
                          key={project.id}
                          href={`/p/${project.id}`}
                          className="mr-3 inline-flex items-center gap-1"
                        >
                          {project.name}
                          <span className="three inline-flex items-center gap-1" title={LOCK_WORDS[project.lock]}>
                            <LockMark lock={project.lock} spoken />
                          </span>
                        </Link>
                      ))}
                  </td>
                  {course.isInstructor && (
                    <td className="n">
                      <NameDialog
                        title={`New project for ${team.name}`}
                        label="Name"
                        action="Create project"
                        schema={projectName}
                        trigger={
                          <Button size="s" variant="quiet">
                            New project<span className="vh"> for {team.name}</span>
                          </Button>
                        }
                        save={async (name) => {
                          await client.projects.create.mutate({ teamId: team.id, name });
                          await refresh();
                        }}
                      />
                      <NameDialog
                        title={`Rename ${team.name}`}
                        label="Name"
                        action="Rename"
                        schema={teamName}
                        value={team.name}
                        trigger={
                          <Button size="s" variant="quiet">
                            Rename<span className="vh"> {team.name}</span>
                          </Button>
                        }
                        save={async (name) => {
                          await client.courses.renameTeam.mutate({ courseId: course.id, teamId: team.id, name });
                          await refresh();
                        }}
                      />
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </TableRegion>
      )}
    </section>
  );
}
