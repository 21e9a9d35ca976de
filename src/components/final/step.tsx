import type { ReactNode } from 'react';
import { cx } from '../ui/index.ts';

export function Step({
  title,
  note,
  last,
  children,
}: {
  title: string;
  note?: string | undefined;
  last?: boolean;
  children: ReactNode;
}) {
  return (
    <section className={cx('step', last && 'last')}>
      <div>
        <h2>{title}</h2>
        {note && <p>{note}</p>}
      </div>
      <div className="body">{children}</div>
    </section>
  );
}
