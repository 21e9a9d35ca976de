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
  test: null,
  caveats: [],
};

test('quotes what needs it and defuses formulas', () => {
  const [head, line, rest] = classCsv([row]).split('\r\n');
  expect(head!.split(',').length).toBe(22);
  expect(line).toMatch(
    /^"'=HYPERLINK\(""http:\/\/evil\.example"",""Kestrel""\)","Amira Haddad; Weber, Jonas","2 Handwritten ""digits""",p,archived,/,
  );
  expect(rest).toBe('');
});
