'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { z } from 'zod';
import { until } from '#core/format/when.ts';
import { courseRole } from '#core/people/inputs.ts';
import { isLoopback } from '#core/people/is-loopback.ts';
import { useSubmit, useZodForm } from '../forms/use-zod-form.ts';
import { type Outputs, useTRPC, useTRPCClient } from '../trpc/client.tsx';
import { Button, CopyOnce, Dialog, ErrorState, Field, Input, Select, Skeleton, TableRegion } from '../ui/index.ts';

type Course = Outputs['courses']['get'];

/** Links that bring people in: made here, shown once, revoked here. */
export function Invites({ course }: { course: Course }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const options = trpc.invites.list.queryOptions({ courseId: course.id });
  const invites = useQuery(options);
  const revoke = useMutation(
    trpc.invites.revoke.mutationOptions({ onSettled: () => queryClient.invalidateQueries(options) }),
  );
  const now = new Date();
  return (
    <section className="sec" aria-labelledby="invites">
      <header>
        <h2 id="invites">Invitations</h2>
        <div className="end">
          <NewInvite course={course} onMade={() => queryClient.invalidateQueries(options)} />
        </div>
      </header>
      {revoke.error && <ErrorState error={revoke.error} />}
      {invites.error && <ErrorState error={invites.error} retry={() => invites.refetch()} />}
      {invites.isPending && <Skeleton lines={2} />}
      {invites.data?.length === 0 && (
        <p className="three">No open invitation. A link brings in as many people as you allow, until it ends.</p>
      )}
      {invites.data && invites.data.length > 0 && (
        <TableRegion label="Table of open invitations">
          <table>
            <thead>
              <tr>
                <th scope="col">Invites</th>
                <th scope="col">Into</th>
                <th scope="col" className="n">
                  Used
                </th>
                <th scope="col">Ends</th>
                <th scope="col">By</th>
                <th scope="col">
                  <span className="vh">Revoke</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {invites.data.map((invite) => (
                <tr key={invite.id}>
                  <td>{invite.maxUses === 1 ? `one ${invite.role}` : `${invite.maxUses} ${invite.role}s`}</td>
                  <td>{invite.team?.name ?? 'the course'}</td>
                  <td className="n">
                    {invite.uses} of {invite.maxUses}
                  </td>
                  <td suppressHydrationWarning>{until(invite.expiresAt, now)}</td>
                  <td className="two">{invite.createdBy.name}</td>
                  <td className="n">
                    <Button
                      size="s"
                      variant="quiet"
                      pending={revoke.isPending && revoke.variables.inviteId === invite.id}
                      onClick={() => revoke.mutate({ courseId: course.id, inviteId: invite.id })}
                    >
                      Revoke
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableRegion>
      )}
    </section>
  );
}

const schema = z.object({
  role: courseRole,
  teamId: z.string(),
  maxUses: z.coerce.number<string | number>('Type a number.').int().min(1, 'At least 1.').max(1000, 'At most 1,000.'),
  days: z.coerce
    .number<string | number>('Type a number.')
    .int()
    .min(1, 'At least 1 day.')
    .max(365, 'At most 365 days.'),
});

function NewInvite({ course, onMade }: { course: Course; onMade: () => unknown }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title="Invite people"
      trigger={
        <Button size="s" variant="go">
          <UserPlus className="i" aria-hidden />
          Invite people
        </Button>
      }
    >
      <InviteForm course={course} onMade={onMade} />
    </Dialog>
  );
}

function InviteForm({ course, onMade }: { course: Course; onMade: () => unknown }) {
  const client = useTRPCClient();
  const [token, setToken] = useState<string | null>(null);
  const form = useZodForm(schema, { role: 'student', teamId: '', maxUses: 4, days: 14 });
  const { errors } = form.formState;
  const student = form.watch('role') === 'student';
  const { onSubmit, busy, failure } = useSubmit(form, async ({ teamId, ...rest }) => {
    const made = await client.invites.create.mutate({
      courseId: course.id,
      ...rest,
      teamId: rest.role === 'student' && teamId ? teamId : null,
    });
    setToken(made.token);
    onMade();
  });
  if (token !== null) {
    return (
      <div className="stack">
        <p>Send this link to the people. It is shown this one time; make another whenever you need one.</p>
        <CopyOnce label="Invitation link" value={`${window.location.origin}/invite/${token}`} />
        {isLoopback(window.location.hostname) && (
          <p className="small warn">
            This address works on this machine only. An administrator opens the server to others with{' '}
            <code>HOLDOUT_URL</code> and <code>HOST</code>, as docs/operations.md says.
          </p>
        )}
      </div>
    );
  }
  return (
    <form noValidate onSubmit={onSubmit} className="stack">
      {failure !== null && <ErrorState error={failure} />}
      <div className="grid grid-cols-2 gap-4">
        <Field label="Role" error={errors.role?.message}>
          <Select {...form.register('role')}>
            <option value="student">student</option>
            <option value="assistant">assistant</option>
            <option value="instructor">instructor</option>
          </Select>
        </Field>
        <Field label="Team" hint={student ? 'May stay open.' : 'Only students join a team.'}>
          <Select {...form.register('teamId')} disabled={!student}>
            <option value="">decide later</option>
            {course.teams.map((team) => (
              <option key={team.id} value={team.id}>
                {team.name}
              </option>
            ))}
          </Select>
        </Field>
        <Field label="People at most" error={errors.maxUses?.message}>
          <Input inputMode="numeric" {...form.register('maxUses')} />
        </Field>
        <Field label="Days until it ends" error={errors.days?.message}>
          <Input inputMode="numeric" {...form.register('days')} />
        </Field>
      </div>
      <div>
        <Button type="submit" variant="go" pending={busy}>
          Make the link
        </Button>
      </div>
    </form>
  );
}
