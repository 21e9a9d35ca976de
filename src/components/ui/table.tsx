import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';

/** A table that scrolls sideways inside its own region, reachable by keyboard. `label` is read aloud. */
export function TableRegion({
  label,
  children,
  className,
}: {
  label: string;
  children: ReactNode;
  className?: string;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section className={`scroll ${className ?? ''}`} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

export type SortDirection = 'ascending' | 'descending';

/** Head cell that sorts; the arrow and aria-sort say how. */
export function SortHead({
  children,
  sorted,
  onSort,
  numeric,
  className,
  ...props
}: ComponentProps<'th'> & { sorted?: SortDirection | false; onSort: () => void; numeric?: boolean }) {
  return (
    <th {...props} scope="col" className={cx(numeric && 'n', className)} aria-sort={sorted || undefined}>
      <button type="button" onClick={onSort}>
        {children}
        {sorted && <span aria-hidden>{sorted === 'ascending' ? ' ↑' : ' ↓'}</span>}
      </button>
    </th>
  );
}
