'use client';

import type { UseFormReturn } from 'react-hook-form';
import { Field, Input } from '../ui/index.ts';

export interface AccountInput {
  name: string;
  email: string;
  password: string;
}

/** Name, e-mail and a new password: for the first administrator and for who follows an invitation. */
export function AccountFields<Out>({ form }: { form: UseFormReturn<AccountInput, unknown, Out> }) {
  const { errors } = form.formState;
  return (
    <>
      <Field label="Your name" error={errors.name?.message}>
        <Input autoComplete="name" {...form.register('name')} />
      </Field>
      <Field label="E-mail" error={errors.email?.message}>
        <Input type="email" autoComplete="username" {...form.register('email')} />
      </Field>
      <Field
        label="Password"
        hint="At least 10 characters. A few unrelated words are good."
        error={errors.password?.message}
      >
        <Input type="password" autoComplete="new-password" {...form.register('password')} />
      </Field>
    </>
  );
}
