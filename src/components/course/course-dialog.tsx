'use client';

import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { z } from 'zod';
import { courseName, courseTerm } from '#core/people/inputs.ts';
import { useSubmit, useZodForm } from '../forms/use-zod-form.ts';
import { Button, Dialog, ErrorState, Field, Input } from '../ui/index.ts';

const schema = z.object({ name: courseName, term: courseTerm });

/** Name and term of a new course, or of one that there is. */
export function CourseDialog({
  trigger,
  title,
  action,
  value = { name: '', term: '' },
  save,
  open: forced,
}: {
  trigger: ReactNode;
  title: string;
  action: string;
  value?: { name: string; term: string };
  save: (course: { name: string; term: string }) => Promise<unknown>;
  open?: boolean;
}) {
  const [open, setOpen] = useState(forced ?? false);
  return (
    <Dialog open={open} onOpenChange={setOpen} trigger={trigger} title={title}>
      <CourseForm
        action={action}
        value={value}
        save={async (course) => {
          await save(course);
          setOpen(false);
        }}
      />
    </Dialog>
  );
}

function CourseForm({
  action,
  value,
  save,
}: {
  action: string;
  value: { name: string; term: string };
  save: (course: { name: string; term: string }) => Promise<unknown>;
}) {
  const queryClient = useQueryClient();
  const form = useZodForm(schema, value);
  const { errors } = form.formState;
  const { onSubmit, busy, failure } = useSubmit(form, async (course) => {
    await save(course);
    await queryClient.invalidateQueries();
  });
  return (
    <form noValidate onSubmit={onSubmit} className="stack">
      {failure !== null && <ErrorState error={failure} />}
      <Field label="Name" error={errors.name?.message}>
        <Input autoComplete="off" placeholder="Machine Learning I" {...form.register('name')} />
      </Field>
      <Field label="Term" hint="May stay empty." error={errors.term?.message}>
        <Input autoComplete="off" placeholder="Autumn 2026" {...form.register('term')} />
      </Field>
      <div>
        <Button type="submit" variant="go" pending={busy}>
          {action}
        </Button>
      </div>
    </form>
  );
}
