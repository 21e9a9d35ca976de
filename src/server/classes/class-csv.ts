import type { ClassRow } from './get-class.ts';

const COLUMNS: [string, (row: ClassRow) => string | number | null][] = [
  ['team', (row) => row.team],
  ['members', (row) => row.members.join('; ')],
  ['project', (row) => row.project],
  ['project_id', (row) => row.projectId],
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
  ['test', (row) => row.test],
  ['needs_help', (row) => (row.help ? `${row.help.title}. ${row.help.why}` : null)],
];

/** RFC 4180. A text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection). */
export function classCsv(rows: readonly ClassRow[]): string {
  const lines = [COLUMNS.map(([name]) => name), ...rows.map((row) => COLUMNS.map(([, value]) => cell(value(row))))];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
