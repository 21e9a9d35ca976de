'use client';

import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import { describeError } from './describe-error.ts';

/** Nothing here yet: what belongs here and how to make the first one. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children && <div className="two">{children}</div>}
      {action && <div className="acts">{action}</div>}
    </div>
  );
}

/** What went wrong, item by item, with a way to try again. Takes any error, also one of tRPC. */
export function ErrorState({
  error,
  retry,
  title,
  className,
}: {
  error: unknown;
  retry?: (() => void) | undefined;
  title?: string;
  className?: string;
}) {
  const { message, items: all } = describeError(error);
  // The first of several is often the message itself.
  const items = all.filter((item) => item.message !== message);
  return (
    <div className={cx('fault', className)} role="alert">
      <TriangleAlert className="i" aria-hidden />
      <div>
        {title && <b>{title} </b>}
        <span>{message}</span>
        {items.length > 0 && (
          <ul>
            {items.map((item) => (
              <li key={`${item.path} ${item.message}`}>
                <code>{item.path}</code> {item.message}
              </li>
            ))}
          </ul>
        )}
        {retry && (
          <div className="mt-2">
            <Button size="s" onClick={retry}>
              Try again
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

/** Grey lines where text will come; says "Loading" to screen readers once. */
export function Skeleton({ lines = 3, className }: { lines?: number; className?: string }) {
  return (
    <div className={cx('skeleton', className)} role="status">
      <span className="vh">Loading</span>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: identical lines
        <i key={line} style={{ width: `${[62, 88, 74, 52][line % 4]}%` }} />
      ))}
    </div>
  );
}

/** @param value 0 to `max`; leave it out where the end isn't known */
export function Progress({ label, value, max = 1 }: { label: string; value?: number | undefined; max?: number }) {
  const share = value === undefined || max <= 0 ? undefined : Math.min(1, Math.max(0, value / max));
  return (
    <div
      className={cx('progress', share === undefined && 'unknown')}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === undefined ? undefined : Math.round(share * 100)}
    >
      <i style={share === undefined ? undefined : { width: `${share * 100}%` }} />
    </div>
  );
}
