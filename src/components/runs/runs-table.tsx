'use client';

import { Eye, EyeOff, Pin } from 'lucide-react';
import Link from 'next/link';
import { memo, type ReactNode } from 'react';
import { DiagnosisMark } from '#components/run/diagnosis-mark.tsx';
import { cx, SortHead, Swatch, TableRegion, Tag } from '#components/ui/index.ts';
import type { RunsView } from '#core/chart/view-state.ts';
import { count, duration, metricValue, rateValue, runId } from '#core/format/numbers.ts';
import { remedyWords } from '#core/remedies/index.ts';
import { isCheck, MODE_WORDS } from '#core/run/modes.ts';
import type { CellValue, Column } from '#core/run/run-table.ts';
import type { RunItem } from './runs-page.tsx';
import { StateMark } from './state-mark.tsx';
import { toggled } from './use-view.ts';

/** A run is judged by the weights that it keeps. */
const BEST_EPOCH =
  'At the epoch whose weights are kept: the best by the lead metric, or by what early stopping watches';

type Change = (change: Partial<RunsView>) => void;

export function RunsTable({
  projectId,
  rows,
  columns,
  view,
  change,
  drawn,
  onPointAt,
}: {
  projectId: string;
  rows: readonly RunItem[];
  columns: readonly Column[];
  view: RunsView;
  change: Change;
  drawn: readonly RunItem[];
  /** the run whose row is under the pointer or has the focus, to be found in the charts */
  onPointAt: (runId: string | null) => void;
}) {
  const all = rows.map((r) => r.number);
  const everyTicked = all.length > 0 && all.every((n) => view.selected.includes(n));
  const inCharts = new Set(drawn.map((r) => r.id));
  const sort = (column: string, numeric: boolean) =>
    change({
      sort: { column, descending: view.sort.column === column ? !view.sort.descending : numeric },
    });
  const sorted = (id: string) =>
    view.sort.column === id ? (view.sort.descending ? ('descending' as const) : ('ascending' as const)) : false;
  return (
    <TableRegion label="Runs table" className="runs-region">
      <table className="runs">
        <thead>
          <tr>
            <th scope="col">
              <input
                type="checkbox"
                aria-label="Tick all rows"
                checked={everyTicked}
                onChange={() => change({ selected: everyTicked ? [] : all })}
              />
            </th>
            <th scope="col">Pin</th>
            <th scope="col">Show</th>
            <SortHead sorted={sorted('name')} onSort={() => sort('name', false)}>
              Name
            </SortHead>
            {columns.map((column) => (
              <SortHead
                key={column.id}
                className={onlyWide(column)}
                title={column.id.startsWith('best:') ? BEST_EPOCH : undefined}
                numeric={column.numeric}
                sorted={sorted(column.id)}
                onSort={() => sort(column.id, column.numeric)}
              >
                {column.head}
              </SortHead>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((run) => (
            <Row
              key={run.id}
              href={`/p/${projectId}/runs/${run.id}`}
              run={run}
              columns={columns}
              ticked={view.selected.includes(run.number)}
              pinned={view.pinned.includes(run.number)}
              hidden={view.hidden.includes(run.number)}
              drawn={inCharts.has(run.id)}
              view={view}
              change={change}
              onPointAt={onPointAt}
            />
          ))}
        </tbody>
      </table>
    </TableRegion>
  );
}

interface RowProps {
  href: string;
  run: RunItem;
  columns: readonly Column[];
  ticked: boolean;
  pinned: boolean;
  hidden: boolean;
  drawn: boolean;
  view: RunsView;
  change: Change;
  onPointAt: (runId: string | null) => void;
}

const Row = memo(function Row({
  href,
  run,
  columns,
  ticked,
  pinned,
  hidden,
  drawn,
  view,
  change,
  onPointAt,
}: RowProps) {
  const point = () => onPointAt(run.id);
  const leave = () => onPointAt(null);
  return (
    <tr
      className={drawn ? undefined : 'off'}
      onPointerEnter={point}
      onPointerLeave={leave}
      onFocus={point}
      onBlur={leave}
    >
      <td>
        <input
          type="checkbox"
          aria-label={`Tick ${run.name}`}
          checked={ticked}
          onChange={() => change({ selected: toggled(view.selected, run.number) })}
        />
      </td>
      <td>
        <Toggle
          on={pinned}
          label={`Pin ${run.name}`}
          onClick={() => change({ pinned: toggled(view.pinned, run.number) })}
        >
          <Pin className="i" fill={pinned ? 'currentColor' : 'none'} aria-hidden />
        </Toggle>
      </td>
      <td>
        <Toggle
          on={!hidden}
          label={`Show ${run.name} in the charts`}
          onClick={() => change({ hidden: toggled(view.hidden, run.number) })}
        >
          {hidden ? <EyeOff className="i" aria-hidden /> : <Eye className="i" aria-hidden />}
        </Toggle>
      </td>
      <td className="name">
        <span>
          <Swatch run={run.number} hollow={!drawn} />
          <Link href={href}>{run.name}</Link>
          <span className="three mono hide-s">{runId(run.number)}</span>
          {isCheck(run.config) && <Tag>{MODE_WORDS[run.config.mode].name.toLowerCase()}</Tag>}
        </span>
        <span className="only-s small two">
          <StateMark {...run} />
          <span className="three mono">{runId(run.number)}</span>
        </span>
      </td>
      {columns.map((column) => (
        <td key={column.id} className={cx(column.numeric && 'n', onlyWide(column))}>
          <Cell column={column} run={run} />
        </td>
      ))}
    </tr>
  );
}, sameRow);

/** On a phone the state stands under the name, so that the column after it, the best metric, is in sight too. */
function onlyWide(column: Column): string | undefined {
  return column.id === 'state' ? 'hide-s' : undefined;
}

/** `view` and `change` matter only when pressed; a row is drawn again when what it shows is other. */
function sameRow(a: RowProps, b: RowProps): boolean {
  return (
    a.run === b.run &&
    a.columns === b.columns &&
    a.ticked === b.ticked &&
    a.pinned === b.pinned &&
    a.hidden === b.hidden &&
    a.drawn === b.drawn &&
    a.view.selected === b.view.selected &&
    a.view.pinned === b.view.pinned &&
    a.view.hidden === b.view.hidden
  );
}

function Toggle({
  on,
  label,
  onClick,
  children,
}: {
  on: boolean;
  label: string;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <button type="button" className="ib" aria-pressed={on} aria-label={label} title={label} onClick={onClick}>
      {children}
    </button>
  );
}

function Cell({ column, run }: { column: Column; run: RunItem }): ReactNode {
  if (column.id === 'state') return <StateMark {...run} />;
  if (column.id === 'remedies') {
    const words = remedyWords(run.config);
    if (words.length === 0) return <span className="three">none</span>;
    return (
      <span className="tags">
        {words.map((word) => (
          <Tag key={word}>{word}</Tag>
        ))}
      </span>
    );
  }
  if (column.id === 'diagnosis' && run.diagnosis)
    return <DiagnosisMark kind={run.diagnosis.kind} title={run.diagnosis.title} />;
  const value = column.value(run);
  const text = cellText(value, column);
  const exact = typeof value === 'number' && String(value) !== text ? String(value) : undefined;
  const strong = column.id.startsWith('best:') && !column.id.includes('loss');
  if (strong) return <b title={exact}>{text}</b>;
  return exact ? <span title={exact}>{text}</span> : text;
}

function cellText(value: CellValue, column: Column): string {
  if (value === null) return '';
  if (column.format === 'time' && typeof value === 'string') return value.slice(0, 16).replace('T', ' ');
  if (typeof value === 'string') return value;
  switch (column.format) {
    case 'metric':
      return metricValue(column.metric ?? '', value);
    case 'rate':
      return rateValue(value);
    case 'duration':
      return duration(value);
    default:
      return count(value);
  }
}
