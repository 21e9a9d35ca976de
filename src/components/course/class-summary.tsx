import type { ReactNode } from 'react';
import { count, metricValue } from '#core/format/numbers.ts';
import type { Outputs } from '../trpc/client.tsx';
import { axesByScale, type ClassRow } from './class-view.ts';

const plural = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`;

function deviceTime(hours: number): string {
  if (hours < 1) return `${Math.max(1, Math.round(hours * 60))} min of device time`;
  return `${hours < 10 ? hours.toFixed(1) : count(hours)} device hours`;
}

/** The class in a few sentences, before its table. */
export function classSummary(rows: readonly ClassRow[], members: Outputs['courses']['get']['members']): ReactNode {
  const teams = new Set(rows.map((row) => row.teamId)).size;
  const trained = new Set(rows.filter((row) => row.runs.finished + row.runs.stopped > 0).map((row) => row.teamId)).size;
  const students = members.filter((member) => member.role === 'student').length;
  const sum = (of: (row: ClassRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const running = sum((row) => row.runs.running);
  const queued = sum((row) => row.runs.queued);
  const opened = rows.filter((row) => row.lock === 'opened').length;
  const hours = sum((row) => row.hours);
  const help = new Set(rows.filter((row) => row.help).map((row) => row.teamId)).size;
  const medians = [...axesByScale(rows).values()]
    .filter((axes) => axes.median !== null)
    .map((axes) => `${metricValue(axes.metric, axes.median)} (${axes.words}, ${axes.n} projects)`);
  return (
    <>
      <b>
        {plural(teams, 'team', 'teams')}, {plural(students, 'student', 'students')}.
      </b>{' '}
      {trained === 0
        ? 'None has trained yet.'
        : trained === teams
          ? 'All have trained.'
          : `${plural(trained, 'has', 'have')} trained.`}{' '}
      {running + queued > 0 &&
        `${plural(running, 'run trains', 'runs train')} now${queued > 0 ? ` and ${plural(queued, 'waits', 'wait')}` : ''}. `}
      {hours > 0 && `The class has used ${deviceTime(hours)}. `}
      {opened > 0 && `${plural(opened, 'project has', 'projects have')} opened the test part. `}
      {medians.length > 0 && medians.length <= 3 && `Median of the best runs: ${medians.join('; ')}. `}
      {help > 0 && <b>{plural(help, 'team', 'teams')} could use a word from you.</b>}
    </>
  );
}
