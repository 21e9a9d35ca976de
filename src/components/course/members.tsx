'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { AskDialog } from '../forms/ask-dialog.tsx';
import { type Inputs, type Outputs, useTRPC, useTRPCClient } from '../trpc/client.tsx';
import { Button, ErrorState, Select, TableRegion } from '../ui/index.ts';

type Course = Outputs['courses']['get'];
type Role = NonNullable<Inputs['courses']['setMember']['role']>;

/** Everybody in the course; instructors change roles and teams in place. */
export function Members({ course }: { course: Course }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries();
  const change = useMutation(trpc.courses.setMember.mutationOptions({ onSettled: refresh }));
  const teamName = (id: string | null) => course.teams.find((team) => team.id === id)?.name ?? '';
  return (
    <section className="sec" aria-labelledby="members">
      <header>
        <h2 id="members">Members</h2>
      </header>
      {change.error && <ErrorState error={change.error} />}
      <TableRegion label="Table of members">
        <table>
          <thead>
            <tr>
              <th scope="col">Name</th>
              {course.isStaff && <th scope="col">E-mail</th>}
              <th scope="col">Role</th>
              <th scope="col">Team</th>
              {course.isInstructor && (
                <th scope="col">
                  <span className="vh">Remove</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {course.members.map((member) => (
              <tr key={member.userId}>
                <td>
                  <b>{member.name}</b>
                  {member.isMe && <span className="three"> you</span>}
                </td>
                {course.isStaff && <td className="two">{member.email}</td>}
                <td>
                  {course.isInstructor ? (
                    <Select
                      className="s"
                      aria-label={`Role of ${member.name}`}
                      value={member.role}
                      onChange={(event) =>
                        change.mutate({
                          courseId: course.id,
                          userId: member.userId,
                          role: event.target.value as Role,
                        })
                      }
                    >
                      <option value="student">student</option>
                      <option value="assistant">assistant</option>
                      <option value="instructor">instructor</option>
                    </Select>
                  ) : (
                    member.role
                  )}
                </td>
                <td>
                  {course.isInstructor ? (
                    <Select
                      className="s"
                      aria-label={`Team of ${member.name}`}
                      value={member.teamId ?? ''}
                      onChange={(event) =>
                        change.mutate({
                          courseId: course.id,
                          userId: member.userId,
                          teamId: event.target.value || null,
                        })
                      }
                    >
                      <option value="">no team</option>
                      {course.teams.map((team) => (
                        <option key={team.id} value={team.id}>
                          {team.name}
                        </option>
                      ))}
                    </Select>
                  ) : (
                    teamName(member.teamId) || <span className="three">no team</span>
                  )}
                </td>
                {course.isInstructor && (
                  <td className="n">
                    <AskDialog
                      title={`Remove ${member.name}?`}
                      action="Remove from the course"
                      trigger={
                        <Button size="s" variant="quiet">
                          Remove<span className="vh"> {member.name}</span>
                        </Button>
                      }
                      run={async () => {
                        await client.courses.removeMember.mutate({ courseId: course.id, userId: member.userId });
                        await refresh();
                      }}
                    >
                      {member.name} loses sight of the course at once. The account and what the team has made stay. A
                      new invitation brings the person back.
                    </AskDialog>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </TableRegion>
    </section>
  );
}
