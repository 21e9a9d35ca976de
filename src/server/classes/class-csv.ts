import { csvText } from '#core/format/csv.ts';
import type { ClassRow } from './get-class.ts';

/** Scripts read it by position: a new column goes to the end. */
const COLUMNS: [string, (row: ClassRow) => string | number | null][] = [
  ['team', (row) => row.team],
  ['members', (row) => row.members.join('; ')],
  ['project', (row) => row.project],
  ['project_id', (row) => row.projectId],
  ['archived', (row) => (row.archived ? 'archived' : null)],
  ['dataset', (row) => row.dataset?.name ?? null],
  ['seal', (row) => row.lock],
  ['seal_since', (row) => row.lockedAt?.toISOString() ?? null],
  ['runs_queued', (row) => row.runs.queued],
  ['runs_running', (row) => row.runs.running],
  ['runs_finished', (row) => row.runs.finished],
  ['runs_stopped', (row) => row.runs.stopped],
  ['runs_failed', (row) => row.runs.failed],
  ['metric', (row) => row.metric],
  ['best_validation', (row) => row.best?.value ?? null],
  ['best_run', (row) => row.best?.number ?? null],
  ['gap', (row) => row.gap],
  ['device_hours', (row) => row.hours],
  ['last_activity', (row) => row.activity?.at.toISOString() ?? null],
  ['test', (row) => row.opened?.test ?? null],
  ['needs_help', (row) => (row.help ? `${row.help.title}. ${row.help.why}` : null)],
  ['test_caveats', (row) => row.caveats.join('; ') || null],
  ['test_run', (row) => row.opened?.run.number ?? null],
  ['test_validation', (row) => row.opened?.validation ?? null],
  ['test_low', (row) => row.opened?.interval?.low ?? null],
  ['test_high', (row) => row.opened?.interval?.high ?? null],
];

export function classCsv(rows: readonly ClassRow[]): string {
  return csvText(
    COLUMNS.map(([name]) => name),
    rows.map((row) => COLUMNS.map(([, value]) => value(row))),
  );
}
