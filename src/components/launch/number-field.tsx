'use client';

import { type ReactNode, useState } from 'react';
import { Field, Input } from '#components/ui/index.ts';

interface NumberInputProps {
  value: number;
  onChange: (value: number) => void;
  width?: number;
}

/** A number, kept as text while it is typed ("1e-3" and "0,001" are fine); gives NaN for what is none. */
export function NumberInput({ value, onChange, width = 84 }: NumberInputProps) {
  const [text, setText] = useState(() => String(value));
  const follows = Object.is(parse(text), value) || Number.isNaN(value);
  return (
    <Input
      inputMode="decimal"
      autoComplete="off"
      value={follows ? text : String(value)}
      style={{ width }}
      onChange={(event) => {
        setText(event.target.value);
        onChange(parse(event.target.value));
      }}
    />
  );
}

export function NumberField({
  label,
  error,
  hint,
  ...input
}: NumberInputProps & { label: ReactNode; error?: string | undefined; hint?: ReactNode }) {
  return (
    <Field label={label} error={error} hint={hint}>
      <NumberInput {...input} />
    </Field>
  );
}

function parse(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text.replace(',', '.'));
}
