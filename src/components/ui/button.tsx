import Link from 'next/link';
import type { ComponentProps } from 'react';
import { cx } from './cx.ts';

interface Look {
  /** `go` is the one filled button of a page; `quiet` has no border; `danger` is for what destroys */
  variant?: 'plain' | 'go' | 'quiet' | 'danger';
  size?: 'm' | 's';
}

function look({ variant = 'plain', size = 'm' }: Look, className?: string): string {
  return cx('btn', variant !== 'plain' && variant, size === 's' && 's', className);
}

/** Its words name what happens. `pending` keeps it from a second press and says so to screen readers. */
export function Button({
  variant,
  size,
  className,
  pending,
  disabled,
  type = 'button',
  ...props
}: ComponentProps<'button'> & Look & { pending?: boolean }) {
  return (
    <button
      {...props}
      type={type}
      disabled={disabled || pending}
      aria-busy={pending || undefined}
      className={look({ variant, size }, className)}
    />
  );
}

export function ButtonLink({ variant, size, className, ...props }: ComponentProps<typeof Link> & Look) {
  return <Link {...props} className={look({ variant, size }, className)} />;
}
