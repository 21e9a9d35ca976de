import { useState } from 'react';
import { BINS, type ColumnSummary } from '#core/data/sealed-report.ts';
import { Button } from '../ui/index.ts';
import { count, counted, figure } from './words.ts';

const SHOWN = 12;

/** A small histogram for each column, targets first; train dark, validation light above it. */
export function ColumnSummaries({ columns, more }: { columns: readonly ColumnSummary[]; more: number }) {
  const [all, setAll] = useState(false);
  const ordered = [...columns].sort((a, b) => Number(b.role === 'target') - Number(a.role === 'target'));
  return (
    <section className="sec">
      <header>
        <h2>{columns.every((c) => c.role === 'target') ? 'Targets' : 'Columns'}</h2>
        <span className="end small two">train and validation</span>
      </header>
      <div className="hists">
        {(all ? ordered : ordered.slice(0, SHOWN)).map((column) => (
          <Histogram key={column.name} column={column} />
        ))}
      </div>
      {columns.length > SHOWN && !all && (
        <Button size="s" className="mt-3" onClick={() => setAll(true)}>
          Show all {counted(columns.length, 'column')}
        </Button>
      )}
      {more > 0 && <p className="small two mt-2">and {count(more)} more columns</p>}
    </section>
  );
}

function Histogram({ column }: { column: ColumnSummary }) {
  const missing = column.missing.train + column.missing.validation;
  const bars =
    column.type === 'numeric'
      ? column.bins.train.map((train, k) => ({ train, validation: column.bins.validation[k]! }))
      : column.values.slice(0, BINS);
  const most = Math.max(1, ...bars.map((b) => b.train + b.validation));
  const ends =
    column.type === 'numeric'
      ? [figure(column.min), figure(column.max)]
      : [`${column.values[0]?.value ?? ''}`, counted(column.values.length, 'category', 'categories')];
  return (
    <figure className="hist">
      <figcaption>{column.role === 'target' ? <b>{column.name}</b> : column.name}</figcaption>
      <svg
        viewBox={`0 0 ${bars.length || 1} 100`}
        preserveAspectRatio="none"
        role="img"
        aria-label={column.type === 'numeric' ? `from ${ends[0]} to ${ends[1]}, mean ${figure(column.mean)}` : ends[1]}
      >
        {bars.map((bar, k) => {
          const train = (bar.train / most) * 100;
          const validation = (bar.validation / most) * 100;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: bins have a fixed order
            <g key={k}>
              <rect className="t" x={k + 0.05} width={0.9} y={100 - train} height={train} />
              <rect className="v" x={k + 0.05} width={0.9} y={100 - train - validation} height={validation} />
            </g>
          );
        })}
      </svg>
      <small>
        <span>{ends[0]}</span>
        {missing > 0 && <span className="nowrap">{count(missing)} missing</span>}
        <span>{ends[1]}</span>
      </small>
    </figure>
  );
}
