'use client';

import { type ComponentProps, createContext, type ReactNode, use, useId } from 'react';
import { cx } from './cx.ts';

interface FieldIds {
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
}
const FieldContext = createContext<FieldIds | null>(null);

/** Label above, hint and error below; the control inside takes its id and description from here. */
export function Field({
  label,
  hint,
  error,
  className,
  children,
}: {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  const describedBy = cx(hint !== undefined && `${id}-hint`, error && `${id}-error`) || undefined;
  return (
    <FieldContext value={{ id, describedBy, invalid: Boolean(error) }}>
      <div className={cx('field', className)}>
        <label htmlFor={id}>{label}</label>
        {children}
        {hint !== undefined && <small id={`${id}-hint`}>{hint}</small>}
        {error && (
          <p id={`${id}-error`} className="bad small" role="alert">
            {error}
          </p>
        )}
      </div>
    </FieldContext>
  );
}

/** id, aria-describedby and aria-invalid of the field around a control. */
export function useField(): { id?: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean } {
  const field = use(FieldContext);
  if (!field) return {};
  return { id: field.id, 'aria-describedby': field.describedBy, 'aria-invalid': field.invalid || undefined };
}

export function Input({ className, mono, ...props }: ComponentProps<'input'> & { mono?: boolean }) {
  return <input {...useField()} {...props} className={cx('in', mono && 'mono', className)} />;
}

export function Textarea({ className, mono, ...props }: ComponentProps<'textarea'> & { mono?: boolean }) {
  return <textarea {...useField()} {...props} className={cx('in area', mono && 'mono', className)} />;
}

/** The platform's own select: keyboard, touch and screen readers come with it. */
export function Select({ className, ...props }: ComponentProps<'select'>) {
  return <select {...useField()} {...props} className={cx('in', className)} />;
}
