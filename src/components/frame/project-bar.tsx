'use client';

import { useQuery } from '@tanstack/react-query';
import { usePathname } from 'next/navigation';
import { useTRPC } from '../trpc/client.tsx';
import { Bar } from './bar.tsx';
import { LOCK_WORDS, LockMark } from './lock-mark.tsx';

export function ProjectBar({ projectId }: { projectId: string }) {
  const trpc = useTRPC();
  const path = usePathname();
  const { data: project } = useQuery(trpc.projects.get.queryOptions({ projectId }));
  const base = `/p/${projectId}`;
  const under = (href: string) => path === href || path.startsWith(`${href}/`);
  return (
    <Bar
      label={project?.name ?? 'the project'}
      where={
        <>
          {project && !project.canWrite && (
            <>
              <span>{project.team.name}</span>
              <i>/</i>
            </>
          )}
          {project?.name}
        </>
      }
      tabs={[
        { href: base, label: 'Overview', current: path === base },
        { href: `${base}/data`, label: 'Data', current: under(`${base}/data`) },
        { href: `${base}/runs`, label: 'Runs', note: project?.runs || undefined, current: under(`${base}/runs`) },
        {
          href: `${base}/final`,
          label: (
            <>
              {project && <LockMark lock={project.lock} />}
              Final test
            </>
          ),
          note: project && project.lock !== 'none' ? LOCK_WORDS[project.lock] : undefined,
          current: under(`${base}/final`),
        },
        { href: `${base}/settings`, label: 'Settings', current: under(`${base}/settings`) },
      ]}
    />
  );
}
