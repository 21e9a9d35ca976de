import { expect, test } from 'vitest';
import { needsHelp, type TeamWork } from './needs-help.ts';

const now = new Date('2026-11-22T12:00:00Z');
const daysAgo = (n: number) => new Date(now.getTime() - n * 86_400_000);
const fine: TeamWork = {
  createdAt: daysAgo(30),
  sealedAt: daysAgo(20),
  hasDataset: true,
  opened: false,
  ended: 6,
  failed: 0,
  notANumber: 0,
  notANumberRate: null,
  waitingOrRunning: 0,
  recent: Array.from({ length: 5 }, () => ({ train: 0.97, validation: 0.96, learningRate: 1e-3 })),
  metric: 'accuracy',
  lastActivity: daysAgo(1),
};
const title = (change: Partial<TeamWork>) => needsHelp({ ...fine, ...change }, now)?.title;

test('a team on its way needs nothing', () => {
  expect(needsHelp(fine, now)).toBeNull();
});

test.each<[string, Partial<TeamWork>]>([
  ['Has not begun', { hasDataset: false, sealedAt: null, ended: 0, recent: [], createdAt: daysAgo(9) }],
  ['No run yet', { ended: 0, recent: [], sealedAt: daysAgo(4) }],
  ['Diverges', { ended: 10, failed: 9, notANumber: 9, notANumberRate: 0.1, recent: [] }],
  ['Runs fail', { ended: 4, failed: 2, notANumber: 0 }],
  ['Overfits', { recent: fine.recent.map((run) => ({ ...run, train: 1, validation: 0.93 })) }],
  ['Overfits', { metric: 'rmse', recent: fine.recent.map((run) => ({ ...run, train: 10, validation: 16 })) }],
  ['Quiet', { lastActivity: daysAgo(11) }],
])('%s', (expected, change) => {
  expect(title(change)).toBe(expected);
});

test.each<[string, Partial<TeamWork>]>([
  ['a young project without data', { hasDataset: false, sealedAt: null, ended: 0, recent: [], createdAt: daysAgo(6) }],
  ['two failures of three', { ended: 3, failed: 2 }],
  [
    'one run of five without the gap',
    { recent: fine.recent.map((run, i) => ({ ...run, train: i ? 1 : 0.96, validation: 0.93 })) },
  ],
  [
    'four finished runs with the gap',
    { recent: fine.recent.slice(1).map((run) => ({ ...run, train: 1, validation: 0.9 })) },
  ],
  ['opened, whatever else', { opened: true, ended: 10, failed: 10 }],
  ['quiet, but a run waits', { lastActivity: daysAgo(11), waitingOrRunning: 1 }],
])('no word for %s', (_, change) => {
  expect(title(change)).toBeUndefined();
});

test('the sentence carries its figures', () => {
  const help = needsHelp({ ...fine, ended: 10, failed: 9, notANumber: 9, notANumberRate: 0.1 }, now);
  expect(help?.why).toBe('9 of 10 runs end in NaN, with learning rates from 0.1 up.');
  const recent = fine.recent.map((run) => ({ ...run, train: 1, validation: 0.9 }));
  expect(needsHelp({ ...fine, recent }, now)?.why).toBe(
    'In the last 5 runs train ended 10.0 points or more above validation.',
  );
});
