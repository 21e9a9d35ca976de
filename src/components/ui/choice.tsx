'use client';

import { type ComponentProps, type CSSProperties, type ReactNode, useId } from 'react';
import { cx } from './cx.ts';
import { useField } from './field.tsx';

/** One of a few, side by side. For more than about seven take Select. */
export function Segmented<T extends string | number>({
  label,
  options,
  value,
  onChange,
  tall,
  disabled,
  className,
}: {
  /** read aloud, not shown */
  label: string;
  options: readonly { value: T; label: ReactNode; disabled?: boolean }[];
  value: T;
  onChange: (value: T) => void;
  tall?: boolean;
  disabled?: boolean;
  className?: string;
}) {
  const name = useId();
  return (
    <fieldset className={cx('seg', tall && 't', className)} aria-label={label} disabled={disabled}>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            disabled={option.disabled}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}

/** On or off, at once. Give it an aria-label, or a label with htmlFor. */
export function Switch({ className, ...props }: Omit<ComponentProps<'input'>, 'type'>) {
  // biome-ignore lint/a11y/useAriaPropsForRole: a native checkbox has its own checked state
  return <input {...useField()} {...props} type="checkbox" role="switch" className={cx('switch', className)} />;
}

export function Checkbox({
  label,
  className,
  ...props
}: Omit<ComponentProps<'input'>, 'type'> & { label?: ReactNode }) {
  if (label === undefined) return <input {...props} type="checkbox" className={className} />;
  return (
    <label className={cx('check', className)}>
      <input {...props} type="checkbox" />
      <span>{label}</span>
    </label>
  );
}

export function Slider({
  value,
  min = 0,
  max = 1,
  onValueChange,
  className,
  ...props
}: Omit<ComponentProps<'input'>, 'type' | 'value' | 'min' | 'max' | 'onChange'> & {
  value: number;
  min?: number;
  max?: number;
  onValueChange: (value: number) => void;
}) {
  const filled = max > min ? ((value - min) / (max - min)) * 100 : 0;
  return (
    <input
      {...useField()}
      {...props}
      type="range"
      min={min}
      max={max}
      value={value}
      onChange={(event) => onValueChange(event.target.valueAsNumber)}
      className={className}
      style={{ '--v': `${filled}%` } as CSSProperties}
    />
  );
}
