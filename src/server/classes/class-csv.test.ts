import { expect, test } from 'vitest';
import { classCsv } from './class-csv.ts';
import type { ClassRow } from './get-class.ts';

const row: ClassRow = {
  teamId: 't',
  team: '=HYPERLINK("http://evil.example","Kestrel")',
  members: ['Amira Haddad', 'Weber, Jonas'],
  projectId: 'p',
  project: '2 Handwritten "digits"',
  archived: true,
  dataset: null,
  lock: 'none',
  lockedAt: null,
  metric: null,
  unit: null,
  scale: null,
  runs: { queued: 0, running: 1, finished: 2, stopped: 0, failed: 0 },
  hours: 1.5,
  best: null,
  gap: null,
  activity: null,
  help: null,
  opened: null,
  caveats: [],
};

test('quotes what needs it and defuses formulas', () => {
  const [head, line, rest] = classCsv([row]).split('\r\n');
  expect(head!.split(',').length).toBe(26);
  expect(line).toMatch(
    /^"'=HYPERLINK\(""http:\/\/evil\.example"",""Kestrel""\)","Amira Haddad; Weber, Jonas","2 Handwritten ""digits""",p,archived,/,
  );
  expect(rest).toBe('');
});

test('of the opening it has the run, its own validation value and the interval, behind all that stood there before', () => {
  const opened = { run: { id: 'r', number: 29 }, validation: 0.963, test: 0.96, interval: { low: 0.94, high: 0.97 } };
  const [head, line] = classCsv([{ ...row, opened, caveats: ['c'] }]).split('\r\n');
  expect(head).toMatch(/,test_caveats,test_run,test_validation,test_low,test_high$/);
  expect(line).toMatch(/,0\.96,,c,29,0\.963,0\.94,0\.97$/);
});
