import type { ReactNode } from 'react';
import { count, metricValue } from '#core/format/numbers.ts';
import type { Outputs } from '../trpc/client.tsx';
import type { ClassRow } from './class-view.ts';

const plural = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`;

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
  const metrics = new Set(rows.flatMap((row) => (row.best && row.metric ? [row.metric] : [])));
  const only = metrics.size === 1 ? [...metrics][0]! : null;
  const values = rows.flatMap((row) => (row.best ? [row.best.value] : [])).sort((a, b) => a - b);
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
      {hours > 0 && `The class has used ${hours < 10 ? hours.toFixed(1) : count(hours)} device hours. `}
      {opened > 0 && `${plural(opened, 'project has', 'projects have')} opened the test part. `}
      {only &&
        values.length > 1 &&
        `The median of the best runs is ${metricValue(only, values[Math.floor(values.length / 2)])}. `}
      {help > 0 && <b>{plural(help, 'team', 'teams')} could use a word from you.</b>}
    </>
  );
}
