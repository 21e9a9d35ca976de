'use client';

import { signIn } from 'next-auth/react';
import { z } from 'zod';
import { useSubmit, useZodForm } from '../forms/use-zod-form.ts';
import { Button, ErrorState, Field, Input } from '../ui/index.ts';

const schema = z.object({
  email: z.string().trim().min(1, 'Type your e-mail address.'),
  password: z.string().min(1, 'Type your password.'),
});

/** Signs in and loads `next` afresh, so that nothing of another person stays in memory. @throws Error with words */
export async function signInAndGo(email: string, password: string, next: string): Promise<void> {
  const result = await signIn('credentials', { email, password, redirect: false });
  if (!result) throw new Error('The server did not answer. Check the connection and try again.');
  if (result.error) throw new Error(result.error);
  window.location.assign(next);
}

/** @param next path of this server; @param oidcName words of the provider's button, null without one */
export function SignInForm({ next, oidcName, message }: { next: string; oidcName: string | null; message?: string }) {
  const form = useZodForm(schema, { email: '', password: '' });
  const { errors } = form.formState;
  const { onSubmit, busy, failure } = useSubmit(form, ({ email, password }) => signInAndGo(email, password, next), {
    leaves: true,
  });
  const fault = failure ?? (message !== undefined && !busy ? new Error(message) : null);
  return (
    <>
      <form noValidate onSubmit={onSubmit}>
        {fault !== null && <ErrorState error={fault} />}
        <Field label="E-mail" error={errors.email?.message}>
          <Input type="email" autoComplete="username" {...form.register('email')} />
        </Field>
        <Field label="Password" error={errors.password?.message}>
          <Input type="password" autoComplete="current-password" {...form.register('password')} />
        </Field>
        <Button type="submit" variant="go" pending={busy}>
          Sign in
        </Button>
      </form>
      {oidcName !== null && (
        <>
          <p className="or">or</p>
          <Button onClick={() => signIn('oidc', { callbackUrl: next })}>Sign in with {oidcName}</Button>
        </>
      )}
    </>
  );
}
