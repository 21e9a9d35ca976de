import type { ReactNode } from 'react';
import { cx } from './cx.ts';

export function Tag({ tone, children }: { tone?: 'warn' | 'bad' | 'good' | 'acc'; children: ReactNode }) {
  return <span className={cx('tag', tone)}>{children}</span>;
}

/** Label and value; wrap several in <Readouts>. `unit` is set smaller after the value. */
export function Readout({
  label,
  value,
  unit,
  title,
}: {
  label: string;
  value: ReactNode;
  unit?: ReactNode;
  title?: string;
}) {
  return (
    <div>
      <dt>{label}</dt>
      <dd title={title}>
        {value}
        {unit !== undefined && <small> {unit}</small>}
      </dd>
    </div>
  );
}

export function Readouts({ children, className }: { children: ReactNode; className?: string }) {
  return <dl className={cx('read', className)}>{children}</dl>;
}

/** Two columns: term and fact. */
export function Facts({
  items,
  className,
}: {
  items: readonly (readonly [ReactNode, ReactNode])[];
  className?: string;
}) {
  return (
    <dl className={cx('facts', className)}>
      {items.map(([term, fact], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is fixed
        <div key={index} className="contents">
          <dt>{term}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A run's colour, 1 to 8 (see runColour); hollow where the run is hidden. */
export function Swatch({ colour, hollow }: { colour: number; hollow?: boolean }) {
  return <span aria-hidden className={cx('sw', `r${colour}`, hollow && 'hollow')} />;
}

/** Title, what it is about below, actions at the right. */
export function PageHead({ title, about, actions }: { title: ReactNode; about?: ReactNode; actions?: ReactNode }) {
  return (
    <header className="head">
      <div>
        <h1>{title}</h1>
        {about !== undefined && <div className="two mt-1">{about}</div>}
      </div>
      {actions && <div className="acts">{actions}</div>}
    </header>
  );
}
