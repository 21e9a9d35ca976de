import type { CSSProperties, ReactNode } from 'react';
import { runColourVariable } from '#core/chart/colour.ts';
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

/** What is inside is drawn in the colour of this run. */
export function inRunColour(number: number): CSSProperties {
  return { '--rc': `var(${runColourVariable(number)})` } as CSSProperties;
}

/** The colour of a run by its number; hollow where the run is hidden. */
export function Swatch({ run, hollow }: { run: number; hollow?: boolean }) {
  return <span aria-hidden className={cx('sw', hollow && 'hollow')} style={inRunColour(run)} />;
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
