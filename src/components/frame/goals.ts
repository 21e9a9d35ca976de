import type { Outputs } from '../trpc/client.tsx';

/** Where the palette can take one. */
export interface Goal {
  name: string;
  /** said at the right: what it belongs to */
  where: string;
  href: string;
}

const PROJECT_PAGES = [
  ['Overview', ''],
  ['Data', '/data'],
  ['Runs', '/runs'],
  ['Launch a run', '/runs/new'],
  ['Final test', '/final'],
  ['Settings', '/settings'],
] as const;

/** Pages of the open project first, then projects, courses, and the rest. */
export function goalsOf(frame: Outputs['people']['frame'], projectId: string | undefined): Goal[] {
  const projects = frame.courses.flatMap((course) => course.projects);
  const open = projects.find((project) => project.id === projectId);
  return [
    ...(open ? PROJECT_PAGES.map(([name, path]) => ({ name, where: open.name, href: `/p/${open.id}${path}` })) : []),
    ...projects
      .filter((project) => project !== open)
      .map((project) => ({ name: project.name, where: project.teamName, href: `/p/${project.id}` })),
    ...frame.courses.flatMap((course) => [
      { name: course.isStaff ? 'Class' : 'My team', where: course.name, href: `/c/${course.id}` },
      { name: 'People', where: course.name, href: `/c/${course.id}/people` },
    ]),
    { name: 'Trainers', where: 'devices and queue', href: '/trainers' },
    { name: 'Account', where: 'password, sessions, API tokens', href: '/account' },
    ...(frame.mayCreateCourse ? [{ name: 'New course', where: '', href: '/?new=course' }] : []),
  ];
}

/** Each word typed begins a word of the name or of what it belongs to. */
export function matching(goals: readonly Goal[], text: string): Goal[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  return goals.filter((goal) => {
    const words = `${goal.name} ${goal.where}`.toLowerCase().split(/\s+/);
    return wanted.every((one) => words.some((word) => word.startsWith(one)));
  });
}
