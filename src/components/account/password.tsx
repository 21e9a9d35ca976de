'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import { newPassword } from '#core/people/inputs.ts';
import { useSubmit, useZodForm } from '../forms/use-zod-form.ts';
import { useTRPCClient } from '../trpc/client.tsx';
import { Button, ErrorState, Field, Input } from '../ui/index.ts';

const schema = z.object({ current: z.string(), next: newPassword });

export function Password({ hasPassword }: { hasPassword: boolean }) {
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const [done, setDone] = useState(false);
  const form = useZodForm(schema, { current: '', next: '' });
  const { errors } = form.formState;
  const { onSubmit, busy, failure } = useSubmit(form, async (input) => {
    await client.account.changePassword.mutate(input);
    form.reset();
    setDone(true);
    await queryClient.invalidateQueries();
  });
  return (
    <section className="sec" aria-labelledby="password">
      <header>
        <h2 id="password">Password</h2>
      </header>
      <form noValidate onSubmit={onSubmit} className="stack max-w-[400px]">
        {failure !== null && <ErrorState error={failure} />}
        {hasPassword ? (
          <Field label="Current password" error={errors.current?.message}>
            <Input type="password" autoComplete="current-password" {...form.register('current')} />
          </Field>
        ) : (
          <p className="two">You sign in through your organisation. A password here is a second way in.</p>
        )}
        <Field label="New password" hint="At least 10 characters." error={errors.next?.message}>
          <Input
            type="password"
            autoComplete="new-password"
            {...form.register('next', { onChange: () => setDone(false) })}
          />
        </Field>
        <div className="flex items-center gap-3">
          <Button type="submit" pending={busy}>
            {hasPassword ? 'Change password' : 'Set password'}
          </Button>
          <span role="status" className="good small">
            {done && 'Changed; your other sessions have ended'}
          </span>
        </div>
      </form>
    </section>
  );
}
