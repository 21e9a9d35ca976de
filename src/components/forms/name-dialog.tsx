'use client';

import { type ReactNode, useState } from 'react';
import { z } from 'zod';
import { Button, Dialog, ErrorState, Field, Input } from '../ui/index.ts';
import { useSubmit, useZodForm } from './use-zod-form.ts';

/** Asks for one name: of a new team or project, or a new name for an old one. */
export function NameDialog({
  trigger,
  title,
  label,
  action,
  schema,
  value = '',
  hint,
  save,
  open: forced,
}: {
  trigger: ReactNode;
  title: string;
  label: string;
  /** words of the button */
  action: string;
  schema: z.ZodType<string, string>;
  value?: string;
  hint?: ReactNode;
  save: (name: string) => Promise<unknown>;
  /** open from the start, as an address may ask */
  open?: boolean;
}) {
  const [open, setOpen] = useState(forced ?? false);
  return (
    <Dialog open={open} onOpenChange={setOpen} trigger={trigger} title={title}>
      <NameForm
        label={label}
        action={action}
        schema={schema}
        value={value}
        hint={hint}
        save={async (name) => {
          await save(name);
          setOpen(false);
        }}
      />
    </Dialog>
  );
}

function NameForm(props: {
  label: string;
  action: string;
  schema: z.ZodType<string, string>;
  value: string;
  hint?: ReactNode;
  save: (name: string) => Promise<unknown>;
}) {
  const form = useZodForm(z.object({ name: props.schema }), { name: props.value });
  const { onSubmit, busy, failure } = useSubmit(form, ({ name }) => props.save(name));
  return (
    <form noValidate onSubmit={onSubmit} className="stack">
      {failure !== null && <ErrorState error={failure} />}
      <Field label={props.label} hint={props.hint} error={form.formState.errors.name?.message}>
        <Input autoComplete="off" {...form.register('name')} />
      </Field>
      <div>
        <Button type="submit" variant="go" pending={busy}>
          {props.action}
        </Button>
      </div>
    </form>
  );
}
