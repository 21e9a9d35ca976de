'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import { tokenName, tokenScope } from '#core/people/inputs.ts';
import { useSubmit, useZodForm } from '../forms/use-zod-form.ts';
import { useTRPC, useTRPCClient } from '../trpc/client.tsx';
import { Button, Checkbox, CopyOnce, ErrorState, Field, Input, Select } from '../ui/index.ts';

const schema = z.object({
  name: tokenName,
  scopes: z.array(tokenScope).min(1, 'Choose at least one.'),
  projectId: z.string(),
  days: z.enum(['30', '90', '365', 'never']),
});

const SCOPES = [
  ['read', 'read: see projects, runs and their curves'],
  ['run', 'run: make projects, upload data, launch and stop runs, log points'],
  ['submit', 'submit: commit the final run and open the test part, once'],
] as const;

export function NewToken({ onMade }: { onMade: () => unknown }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const { data: frame } = useQuery(trpc.people.frame.queryOptions());
  const [token, setToken] = useState<string | null>(null);
  const form = useZodForm(schema, { name: '', scopes: ['read', 'run'], projectId: '', days: '90' });
  const { errors } = form.formState;
  const { onSubmit, busy, failure } = useSubmit(form, async ({ projectId, days, ...rest }) => {
    const made = await client.account.createToken.mutate({
      ...rest,
      projectId: projectId || null,
      days: days === 'never' ? null : Number(days),
    });
    setToken(made.token);
    onMade();
  });
  if (token !== null) {
    return (
      <div className="stack">
        <p>Copy it now: it is shown this one time. Keep it as you keep a password.</p>
        <CopyOnce label="API token" value={token} />
        <p className="small two">
          For the command: <code>npx holdout login</code>, or set <code>HOLDOUT_TOKEN</code>.
        </p>
      </div>
    );
  }
  return (
    <form noValidate onSubmit={onSubmit} className="stack">
      {failure !== null && <ErrorState error={failure} />}
      <Field label="Name" hint="What will use it, such as: laptop, sweep script." error={errors.name?.message}>
        <Input autoComplete="off" {...form.register('name')} />
      </Field>
      <fieldset className="grid gap-2">
        <legend className="lab mb-1">May</legend>
        {SCOPES.map(([scope, words]) => (
          <Checkbox key={scope} value={scope} label={words} {...form.register('scopes')} />
        ))}
        {errors.scopes && (
          <p className="bad small" role="alert">
            {errors.scopes.message}
          </p>
        )}
      </fieldset>
      <div className="grid grid-cols-2 gap-4">
        <Field label="In">
          <Select {...form.register('projectId')}>
            <option value="">every project of yours</option>
            {frame?.courses.flatMap((course) =>
              course.projects.map((project) => (
                <option key={project.id} value={project.id}>
                  {project.name}, {project.teamName}
                </option>
              )),
            )}
          </Select>
        </Field>
        <Field label="Expires">
          <Select {...form.register('days')}>
            <option value="30">in 30 days</option>
            <option value="90">in 90 days</option>
            <option value="365">in a year</option>
            <option value="never">never</option>
          </Select>
        </Field>
      </div>
      <div>
        <Button type="submit" variant="go" pending={busy}>
          Make the token
        </Button>
      </div>
    </form>
  );
}
