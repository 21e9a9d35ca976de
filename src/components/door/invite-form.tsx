'use client';

import { useMutation } from '@tanstack/react-query';
import { signIn } from 'next-auth/react';
import { newAccount } from '#core/people/inputs.ts';
import { useSubmit, useZodForm } from '../forms/use-zod-form.ts';
import { useTRPC, useTRPCClient } from '../trpc/client.tsx';
import { Button, ButtonLink, ErrorState } from '../ui/index.ts';
import { AccountFields } from './account-fields.tsx';
import { signInAndGo } from './sign-in-form.tsx';

/** For who is signed in: one press. */
export function JoinButton({ token, course }: { token: string; course: string }) {
  const trpc = useTRPC();
  const join = useMutation(
    trpc.invites.accept.mutationOptions({ onSuccess: ({ courseId }) => window.location.assign(`/c/${courseId}`) }),
  );
  return (
    <>
      {join.error && <ErrorState error={join.error} />}
      <Button variant="go" pending={join.isPending || join.isSuccess} onClick={() => join.mutate({ token })}>
        Join {course}
      </Button>
    </>
  );
}

/** For who is not: a new account, or sign in and come back. */
export function InviteForm({ token, course, oidcName }: { token: string; course: string; oidcName: string | null }) {
  const client = useTRPCClient();
  const form = useZodForm(newAccount, { name: '', email: '', password: '' });
  const { onSubmit, busy, failure } = useSubmit(
    form,
    async (account) => {
      const { courseId } = await client.invites.acceptAsNew.mutate({ ...account, token });
      await signInAndGo(account.email, account.password, `/c/${courseId}`);
    },
    { leaves: true },
  );
  const here = `/invite/${token}`;
  return (
    <>
      <form noValidate onSubmit={onSubmit}>
        {failure !== null && <ErrorState error={failure} />}
        <AccountFields form={form} />
        <Button type="submit" variant="go" pending={busy}>
          Create account and join {course}
        </Button>
      </form>
      <p className="or">or, with an account</p>
      <div className="flex flex-wrap gap-2">
        <ButtonLink href={`/signin?next=${encodeURIComponent(here)}`}>Sign in first</ButtonLink>
        {oidcName !== null && (
          <Button onClick={() => signIn('oidc', { callbackUrl: here })}>Continue with {oidcName}</Button>
        )}
      </div>
    </>
  );
}
