'use client';

import { useQuery } from '@tanstack/react-query';
import { ChevronDown, Menu as MenuIcon, Plus } from 'lucide-react';
import Link from 'next/link';
import { useParams, usePathname } from 'next/navigation';
import { type Outputs, useTRPC } from '../trpc/client.tsx';
import { Button, Menu, MenuItem, MenuLabel, MenuLine } from '../ui/index.ts';
import { Mark } from './brand.tsx';
import { LockMark } from './lock-mark.tsx';
import { usePalette } from './palette.tsx';
import { leave, SignOut } from './sign-out.tsx';
import { ThemeItems, ThemeMenu } from './theme-menu.tsx';

type Frame = Outputs['people']['frame'];
type Course = Frame['courses'][number];

/** The course that the address is about: by its own id, or by its project; else the only or newest one. */
function useCourse(frame: Frame | undefined): Course | undefined {
  const { courseId, projectId } = useParams<{ courseId?: string; projectId?: string }>();
  return (
    frame?.courses.find((course) => course.id === courseId) ??
    frame?.courses.find((course) => course.projects.some((project) => project.id === projectId)) ??
    frame?.courses[0]
  );
}

function place(course: Course): string {
  const role = course.role === 'student' ? (course.teamName ?? 'no team yet') : (course.role ?? 'administrator');
  return [course.term, role].filter(Boolean).join(', ');
}

/** The projects to list: the team's own for a student; for staff those of the team whose project is open. */
function listed(course: Course, projectId: string | undefined): { title: string; projects: Course['projects'] } | null {
  const open = course.projects.find((project) => project.id === projectId);
  const teamId = open?.teamId ?? course.teamId;
  if (!teamId) return null;
  return {
    title: open?.teamName ?? course.teamName ?? 'Team',
    projects: course.projects.filter((project) => project.teamId === teamId),
  };
}

export function Rail() {
  const trpc = useTRPC();
  const frame = useQuery(trpc.people.frame.queryOptions()).data;
  const course = useCourse(frame);
  const path = usePathname();
  const show = usePalette();
  const { projectId } = useParams<{ projectId?: string }>();
  const team = course && listed(course, projectId);
  const current = (href: string) => (path === href ? 'page' : undefined);

  return (
    <header className="rail">
      <Link className="brand" href="/" aria-label="Holdout, home">
        <Mark />
        <span>Holdout</span>
      </Link>
      {course && (
        <Menu
          trigger={
            <button type="button" className="course">
              <span className="min-w-0">
                <span className="block truncate">{course.name}</span>
                <small>{place(course)}</small>
              </span>
              <ChevronDown className="i" aria-hidden />
            </button>
          }
        >
          <MenuLabel>Courses</MenuLabel>
          {frame?.courses.map((one) => (
            <MenuItem key={one.id} href={`/c/${one.id}`}>
              {one.name}
              <span className="end">{one.term}</span>
            </MenuItem>
          ))}
          {frame?.mayCreateCourse && (
            <>
              <MenuLine />
              <MenuItem href="/?new=course">
                <Plus className="i" aria-hidden />
                New course
              </MenuItem>
            </>
          )}
        </Menu>
      )}
      <div className="phone">
        <Menu
          align="end"
          trigger={
            <Button size="s">
              <MenuIcon className="i" aria-hidden />
              Menu
            </Button>
          }
        >
          {team && <MenuLabel>{team.title}</MenuLabel>}
          {team?.projects.map((project) => (
            <MenuItem key={project.id} href={`/p/${project.id}`}>
              {project.name}
              <span className="end">
                <LockMark lock={project.lock} spoken />
              </span>
            </MenuItem>
          ))}
          {course && (
            <>
              <MenuLabel>Course</MenuLabel>
              <MenuItem href={`/c/${course.id}`}>{course.isStaff ? 'Class' : 'My team'}</MenuItem>
              <MenuItem href={`/c/${course.id}/people`}>People</MenuItem>
            </>
          )}
          <MenuItem href="/trainers">Trainers</MenuItem>
          <MenuLine />
          <MenuItem onSelect={() => show('palette')}>Search</MenuItem>
          <MenuItem href="/account">Account</MenuItem>
          <ThemeItems />
          <MenuLine />
          <MenuItem onSelect={leave}>Sign out</MenuItem>
        </Menu>
      </div>
      {team && (
        <nav aria-label={`Projects of ${team.title}`}>
          <h2>{team.title}</h2>
          {team.projects.map((project) => (
            <Link
              key={project.id}
              href={`/p/${project.id}`}
              aria-current={project.id === projectId ? 'true' : undefined}
            >
              <span className="truncate">{project.name}</span>
              <span className="end">
                <LockMark lock={project.lock} spoken />
              </span>
            </Link>
          ))}
          {course && !course.isStaff && (
            <Link href={`/c/${course.id}?new=project`}>
              <Plus className="i" aria-hidden />
              New project
            </Link>
          )}
        </nav>
      )}
      <nav aria-label="Course">
        <h2>{course ? 'Course' : 'Server'}</h2>
        {course && (
          <>
            <Link href={`/c/${course.id}`} aria-current={current(`/c/${course.id}`)}>
              {course.isStaff ? 'Class' : 'My team'}
            </Link>
            <Link href={`/c/${course.id}/people`} aria-current={current(`/c/${course.id}/people`)}>
              People <span className="end">{course.people}</span>
            </Link>
          </>
        )}
        <Link href="/trainers" aria-current={current('/trainers')}>
          Trainers
        </Link>
      </nav>
      <div className="foot">
        <span className="row">
          <Link href="/account" className="truncate">
            <b>{frame?.me.name}</b>
          </Link>
          <SignOut />
        </span>
        <span className="row">
          <ThemeMenu />
          <button type="button" className="link" onClick={() => show('shortcuts')}>
            Shortcuts <kbd>?</kbd>
          </button>
        </span>
      </div>
    </header>
  );
}
