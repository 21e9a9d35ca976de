'use client';

import { newAccount } from '#core/people/inputs.ts';
import { useSubmit, useZodForm } from '../forms/use-zod-form.ts';
import { useTRPCClient } from '../trpc/client.tsx';
import { Button, ErrorState } from '../ui/index.ts';
import { AccountFields } from './account-fields.tsx';
import { signInAndGo } from './sign-in-form.tsx';

export function SetupForm({ token }: { token: string }) {
  const client = useTRPCClient();
  const form = useZodForm(newAccount, { name: '', email: '', password: '' });
  const { onSubmit, busy, failure } = useSubmit(
    form,
    async (account) => {
      await client.setup.createAdmin.mutate({ ...account, token });
      await signInAndGo(account.email, account.password, '/');
    },
    { leaves: true },
  );
  return (
    <form noValidate onSubmit={onSubmit}>
      {failure !== null && <ErrorState error={failure} />}
      <AccountFields form={form} />
      <Button type="submit" variant="go" pending={busy}>
        Create the administrator
      </Button>
    </form>
  );
}
