'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { type DefaultValues, type FieldPath, type FieldValues, type UseFormReturn, useForm } from 'react-hook-form';
import type { z } from 'zod';
import { describeError } from '../ui/describe-error.ts';

/** A form checked by the schema that the server checks with; errors show when a field is left, then as one types. */
export function useZodForm<In extends FieldValues, Out>(schema: z.ZodType<Out, In>, defaultValues: DefaultValues<In>) {
  return useForm<In, unknown, Out>({ resolver: zodResolver(schema), defaultValues, mode: 'onTouched' });
}

/** Puts what the server refused beside its field; true when each item found one. */
function showServerErrors<In extends FieldValues, Out>(form: UseFormReturn<In, unknown, Out>, error: unknown): boolean {
  const { items } = describeError(error);
  const known = items.filter((item) => item.path in form.getValues());
  for (const item of known) form.setError(item.path as FieldPath<In>, { message: item.message });
  return items.length > 0 && known.length === items.length;
}

/**
 * `busy` from the press until `action` has failed, or, with `leaves`, until the page is gone. What the server refuses
 * stands beside its field, or in `failure`.
 */
export function useSubmit<In extends FieldValues, Out>(
  form: UseFormReturn<In, unknown, Out>,
  action: (values: Out) => Promise<unknown>,
  { leaves = false }: { leaves?: boolean } = {},
) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const onSubmit = form.handleSubmit(async (values) => {
    setBusy(true);
    setFailure(null);
    try {
      await action(values);
      if (!leaves) setBusy(false);
    } catch (error) {
      setBusy(false);
      if (!showServerErrors(form, error)) setFailure(error);
    }
  });
  return { onSubmit, busy, failure };
}
