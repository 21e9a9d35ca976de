import { expect, test } from 'vitest';
import { goalsOf, matching } from './goals.ts';

const frame: Parameters<typeof goalsOf>[0] = {
  me: { id: 'u', name: 'Ada', email: 'ada@example.org', isAdmin: false },
  mayCreateCourse: false,
  courses: [
    {
      id: 'c',
      name: 'Machine Learning',
      term: '',
      role: 'student',
      isStaff: false,
      teamId: 't',
      teamName: 'Kestrel',
      people: 3,
      projects: [
        { id: 'p1', name: 'Handwritten digits', teamId: 't', teamName: 'Kestrel', lock: 'none' },
        { id: 'p2', name: 'Iris warm-up', teamId: 't', teamName: 'Kestrel', lock: 'none' },
      ],
    },
  ],
};

test('pages of the open project come first', () => {
  expect(goalsOf(frame, 'p1').slice(0, 2)).toEqual([
    { name: 'Overview', where: 'Handwritten digits', href: '/p/p1' },
    { name: 'Data', where: 'Handwritten digits', href: '/p/p1/data' },
  ]);
});

test('each word begins a word, of the name or its place', () => {
  const goals = goalsOf(frame, 'p1');
  expect(matching(goals, 'dig fin').map((goal) => goal.href)).toEqual(['/p/p1/final']);
  expect(matching(goals, 'iris').map((goal) => goal.href)).toEqual(['/p/p2']);
  expect(matching(goals, 'igits')).toEqual([]);
  expect(matching(goals, '  ').length).toBe(goals.length);
});
