'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import { personName } from '#core/people/inputs.ts';
import { useSubmit, useZodForm } from '../forms/use-zod-form.ts';
import { useTRPCClient } from '../trpc/client.tsx';
import { Button, ErrorState, Field, Input } from '../ui/index.ts';

export function Profile({ name }: { name: string }) {
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const [saved, setSaved] = useState(false);
  const form = useZodForm(z.object({ name: personName }), { name });
  const { onSubmit, busy, failure } = useSubmit(form, async (profile) => {
    await client.account.update.mutate(profile);
    await queryClient.invalidateQueries();
    setSaved(true);
  });
  return (
    <section className="sec" aria-labelledby="profile">
      <header>
        <h2 id="profile">Name</h2>
      </header>
      <form noValidate onSubmit={onSubmit} className="stack max-w-[400px]">
        {failure !== null && <ErrorState error={failure} />}
        <Field label="As the others see you" error={form.formState.errors.name?.message}>
          <Input autoComplete="name" {...form.register('name', { onChange: () => setSaved(false) })} />
        </Field>
        <div className="flex items-center gap-3">
          <Button type="submit" pending={busy}>
            Save name
          </Button>
          <span role="status" className="good small">
            {saved && 'Saved'}
          </span>
        </div>
      </form>
    </section>
  );
}
