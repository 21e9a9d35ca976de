'use client';

import { useQuery } from '@tanstack/react-query';
import { Download, Users } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { RULES } from '#core/class/needs-help.ts';
import { useTRPC } from '../trpc/client.tsx';
import { ButtonLink, EmptyState, ErrorState, Input, PageHead, Segmented, Select, Skeleton } from '../ui/index.ts';
import { classSummary } from './class-summary.tsx';
import { ClassTable } from './class-table.tsx';
import { FILTERS, type Filter, isFilter, keep } from './class-view.ts';
import { TrySample } from './try-sample.tsx';

/** Every team at a glance. Filters and sorting live in the address, so that a link shows a colleague the same. */
export function ClassPage({ courseId }: { courseId: string }) {
  const trpc = useTRPC();
  const { data: course } = useQuery(trpc.courses.get.queryOptions({ courseId }));
  const rows = useQuery({ ...trpc.courses.class.queryOptions({ courseId }), refetchInterval: 15_000 });
  const query = useSearchParams();
  const show = query.get('show') ?? 'all';
  const filter: Filter = isFilter(show) ? show : 'all';
  const text = query.get('find') ?? '';
  const project = query.get('project') ?? '';
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(query);
    if (value) next.set(name, value);
    else next.delete(name);
    window.history.replaceState(null, '', next.size > 0 ? `?${next}` : window.location.pathname);
  };

  if (rows.error && !rows.data) return <ErrorState error={rows.error} retry={() => rows.refetch()} />;
  if (!rows.data || !course) return <Skeleton lines={8} />;
  const names = [...new Set(rows.data.flatMap((row) => (row.project === null ? [] : [row.project])))].sort();
  const inProject = rows.data.filter((row) => !project || row.project === project);
  const shown = inProject.filter((row) => keep(row, filter, text));
  return (
    <>
      <PageHead
        title={course.name}
        about={course.term || undefined}
        actions={
          rows.data.length > 0 && (
            <a className="btn" href={`/api/class/${courseId}`} download>
              <Download className="i" aria-hidden />
              CSV
            </a>
          )
        }
      />
      {rows.data.length === 0 ? (
        <EmptyState
          title="No team yet"
          action={
            course.isInstructor && (
              <>
                <ButtonLink variant="go" href={`/c/${courseId}/people`}>
                  <Users className="i" aria-hidden />
                  Create teams and invite people
                </ButtonLink>
                <TrySample courseId={courseId} />
              </>
            )
          }
        >
          Once there are teams, each has a row here: its best validation curve, its runs, its seal, and whether it could
          use a word from you.
        </EmptyState>
      ) : (
        <>
          <p className="strip">{classSummary(inProject, course.members)}</p>
          <div className="filter">
            <Segmented
              label="Teams"
              tall
              value={filter}
              onChange={(value) => set('show', value === 'all' ? '' : value)}
              options={FILTERS.map(({ value, label }) => ({
                value,
                label: `${label} ${inProject.filter((row) => keep(row, value, '')).length}`,
              }))}
            />
            <Input
              aria-label="Find a team or a student"
              placeholder="Team or student"
              className="w-[180px]"
              value={text}
              onChange={(event) => set('find', event.target.value)}
            />
            {names.length > 1 && (
              <Select aria-label="Project" value={project} onChange={(event) => set('project', event.target.value)}>
                <option value="">All projects</option>
                {names.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </Select>
            )}
          </div>
          <ClassTable rows={shown} sort={query.get('sort') ?? 'help'} onSort={(sort) => set('sort', sort)} />
          <p className="small three mt-3">
            Needs help: no data after {RULES.begin} days, sealed data but no run after {RULES.firstRun} days, half of{' '}
            {RULES.fewestEnded} or more runs failed, a gap over {RULES.gapPoints} points at the end of each of the last{' '}
            {RULES.lastRuns} runs, or nothing for {RULES.quiet} days.
          </p>
        </>
      )}
    </>
  );
}
