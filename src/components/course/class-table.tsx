'use client';

import { TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { Fragment } from 'react';
import { metricValue, runId } from '#core/format/numbers.ts';
import { day } from '#core/format/when.ts';
import { LockMark } from '../frame/lock-mark.tsx';
import { SortHead, TableRegion, When } from '../ui/index.ts';
import { type Axes, axesByScale, type ClassRow, sorted } from './class-view.ts';
import { CurveSpark } from './curve-spark.tsx';
import { RunsBar } from './runs-bar.tsx';

const SEAL = { none: 'Not sealed', sealed: 'Sealed', committed: 'Committed', opened: 'Opened' };
const STATE = {
  uploading: 'uploading',
  uploaded: 'waits for the referee',
  inspecting: 'being checked',
  review: 'waits for the team',
  confirmed: 'waits for the split',
  splitting: 'being split',
  sealed: '',
  failed: 'upload failed',
  cancelled: 'upload cancelled',
};

export function ClassTable({ rows, sort, onSort }: { rows: ClassRow[]; sort: string; onSort: (sort: string) => void }) {
  const ordered = sorted(rows, sort);
  const axes = axesByScale(rows);
  const most = Math.max(1, ...rows.map((row) => Object.values(row.runs).reduce((sum, n) => sum + n, 0)));
  const firstFine = sort === 'help' ? ordered.findIndex((row) => !row.help) : -1;
  const head = (key: string, label: string, numeric?: boolean) => (
    <SortHead
      numeric={numeric}
      sorted={sort === key ? 'descending' : sort === `-${key}` ? 'ascending' : false}
      onSort={() => onSort(sort === key ? `-${key}` : key)}
    >
      {label}
    </SortHead>
  );
  return (
    <TableRegion label="Table of teams">
      <table className="class">
        <caption className="vh">Teams of the class</caption>
        <thead>
          <tr>
            {head('team', 'Team')}
            <th scope="col">Best validation curve</th>
            {head('best', 'Best val', true)}
            {head('gap', 'Gap', true)}
            {head('runs', 'Runs')}
            {head('hours', 'Device h', true)}
            {head('activity', 'Last activity')}
            {head('seal', 'Seal')}
            {head('help', 'Needs help')}
          </tr>
        </thead>
        <tbody>
          {ordered.map((row, i) => (
            <Fragment key={row.projectId ?? row.teamId}>
              {i === firstFine && i > 0 && (
                <tr className="sub">
                  <td colSpan={9}>On their way, by best validation value</td>
                </tr>
              )}
              <TeamRow
                row={row}
                axes={(row.scale && axes.get(row.scale)) || null}
                ownAxes={axes.size > 1}
                most={most}
              />
            </Fragment>
          ))}
          {ordered.length === 0 && (
            <tr>
              <td colSpan={9} className="three">
                No team matches.
              </td>
            </tr>
          )}
        </tbody>
      </table>
      <AxesNote axes={[...axes.values()]} />
    </TableRegion>
  );
}

function TeamRow({
  row,
  axes,
  ownAxes,
  most,
}: {
  row: ClassRow;
  axes: Axes | null;
  /** whether the axes differ from row to row and so must be told in each */
  ownAxes: boolean;
  most: number;
}) {
  const name = row.project === null ? row.team : `${row.team}, ${row.project}`;
  return (
    <tr className={row.best ? undefined : 'none'}>
      <td className="team">
        {row.projectId ? <Link href={`/p/${row.projectId}`}>{row.team}</Link> : <b>{row.team}</b>}
        {row.project !== null && <span className="two small"> {row.project}</span>}
        {row.archived && <span className="three small"> archived</span>}
        <small>{row.members.join(', ') || 'nobody in it yet'}</small>
        {row.help && (
          <small className="only-s warn">
            <b>{row.help.title}.</b> {row.help.why}
          </small>
        )}
      </td>
      <td className="st curve">
        {axes && row.best ? (
          <>
            <CurveSpark row={row} axes={axes} name={name} />
            {ownAxes && (
              <small>
                {axes.words}, {range(axes)}
              </small>
            )}
          </>
        ) : (
          <span className="three">no curve</span>
        )}
      </td>
      <td className="n st">
        {row.best && row.metric && (
          <>
            <Link href={`/p/${row.projectId}/runs/${row.best.id}`} title={`${row.metric} ${row.best.value}`}>
              <b>{metricValue(row.metric, row.best.value)}</b>
            </Link>
            <small className="three">{runId(row.best.number)}</small>
          </>
        )}
      </td>
      <td className="n">{row.gap !== null && <Gap row={row} gap={row.gap} />}</td>
      <td>
        <RunsBar runs={row.runs} most={most} />
      </td>
      <td className="n">{row.hours === 0 ? '0' : row.hours < 0.1 ? '<0.1' : row.hours.toFixed(1)}</td>
      <td className="st">
        {row.activity ? (
          <>
            <When at={row.activity.at} />
            <small>{row.activity.words}</small>
          </>
        ) : (
          <span className="three">nothing yet</span>
        )}
      </td>
      <td>
        <span className="dot">
          {row.lock !== 'none' && (
            <span className={row.lock === 'opened' ? undefined : 'acc'}>
              <LockMark lock={row.lock} />
            </span>
          )}
          <span className="st">
            {row.dataset === null ? <span className="three">no data set</span> : SEAL[row.lock]}
            <small suppressHydrationWarning>
              {row.opened && row.metric
                ? `test ${row.opened.test === null ? 'not a number' : metricValue(row.metric, row.opened.test)}`
                : row.lockedAt
                  ? `since ${day(row.lockedAt, new Date())}`
                  : row.dataset && STATE[row.dataset.state]}
            </small>
            {row.opened && row.metric && (
              <small>
                <Link href={`/p/${row.projectId}/runs/${row.opened.run.id}`}>{runId(row.opened.run.number)}</Link>,
                validation {metricValue(row.metric, row.opened.validation)}
              </small>
            )}
            {row.caveats.map((words) => (
              <small key={words} className="w-[26ch] whitespace-normal">
                <span className="warn">{words}</span>
              </small>
            ))}
          </span>
        </span>
      </td>
      <td className="why hide-s">
        {row.help && (
          <>
            <span className="warn">
              <TriangleAlert className="i" aria-hidden />
              <b>{row.help.title}</b>
            </span>{' '}
            <span className="two">{row.help.why}</span>
          </>
        )}
      </td>
    </tr>
  );
}

function Gap({ row, gap }: { row: ClassRow; gap: number }) {
  const large = row.help?.kind === 'overfits';
  const text = row.metric === 'accuracy' ? gap.toFixed(1) : `× ${gap.toFixed(2)}`;
  const title =
    row.metric === 'accuracy'
      ? 'train minus validation accuracy at the best epoch, in points'
      : 'validation error over train error at the best epoch';
  return large ? (
    <b className="warn" title={title}>
      {text}
    </b>
  ) : (
    <span title={title}>{text}</span>
  );
}

function range({ metric, low, high }: Axes): string {
  return metric === 'accuracy' ? `${low.toFixed(2)} to 1` : `0 to ${metricValue('rmse', high)}`;
}

function AxesNote({ axes }: { axes: Axes[] }) {
  if (axes.length === 0) return null;
  const [first] = axes;
  return (
    <p className="tiny three mt-2">
      Curves: best run,{' '}
      {axes.length === 1
        ? `epochs 0 to ${first!.lastEpoch}, ${first!.words} ${range(first!)}`
        : 'axes as each row says: only projects with the same classes or targets share theirs'}
      . Dashed train, solid validation, dot best epoch
      {axes.some((one) => one.median !== null) &&
        ', line median of the projects that can be compared, triangle where a curve goes on outside the axis'}
      . Gap: train minus validation accuracy in points
      {axes.some((one) => one.metric === 'rmse') && '; for errors, validation over train'}; taken at the best epoch of
      the best run.
    </p>
  );
}
