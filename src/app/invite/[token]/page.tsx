import { TRPCError } from '@trpc/server';
import type { Metadata } from 'next';
import { Door } from '#components/door/door.tsx';
import { InviteForm, JoinButton } from '#components/door/invite-form.tsx';
import { caller, currentActor } from '#components/trpc/server.tsx';
import { env } from '#env';
import { oidcProvider } from '#server/auth/oidc-provider.ts';

export const metadata: Metadata = { title: 'Invitation', referrer: 'no-referrer' };

const AS = { instructor: 'as an instructor', assistant: 'as an assistant', student: 'as a student' };

async function read(token: string) {
  try {
    return await (await caller()).invites.read({ token });
  } catch (error) {
    if (error instanceof TRPCError && error.code === 'NOT_FOUND') return error.message;
    throw error;
  }
}

export default async function InvitePage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const invite = await read(token);
  if (typeof invite === 'string') {
    return (
      <Door title="Invitation">
        <p>{invite}</p>
      </Door>
    );
  }
  const { course, role, teamName, from } = invite;
  return (
    <Door
      title={`Join ${course.name}`}
      lead={`${from} invites you ${AS[role]}${teamName === null ? '' : `, in ${teamName}`}${course.term ? ` (${course.term})` : ''}.`}
    >
      {(await currentActor()) ? (
        <JoinButton token={token} course={course.name} />
      ) : (
        <InviteForm token={token} course={course.name} oidcName={oidcProvider(env())?.name ?? null} />
      )}
    </Door>
  );
}
