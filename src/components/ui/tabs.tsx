'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

export interface TabItem {
  href: string;
  label: ReactNode;
  current: boolean;
  /** a quiet count or state after the name */
  note?: ReactNode;
}

/** Tabs that are links: each has its address. `sub` is the second row of a page. */
export function Tabs({ label, items, sub }: { label: string; items: readonly TabItem[]; sub?: boolean }) {
  return (
    <nav className={cx('tabs', sub && 'sub')} aria-label={label}>
      {items.map((item) => (
        <Link key={item.href} href={item.href} aria-current={item.current ? 'page' : undefined}>
          {item.label}
          {item.note !== undefined && <span className="n">{item.note}</span>}
        </Link>
      ))}
    </nav>
  );
}
