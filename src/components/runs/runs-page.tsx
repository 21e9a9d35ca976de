'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { useLive } from '#components/live/use-live.ts';
import { type Outputs, useTRPC } from '#components/trpc/client.tsx';
import { ButtonLink, EmptyState, ErrorState, Skeleton } from '#components/ui/index.ts';
import { count } from '#core/format/numbers.ts';
import { isCheck } from '#core/run/modes.ts';
import { columnOf, defaultColumns, rowFilter, sortRows } from '#core/run/run-table.ts';
import { LIST_LIMIT } from './list-limit.ts';
import { RunsCharts } from './runs-charts.tsx';
import { RunsTable } from './runs-table.tsx';
import { RunsToolbar } from './runs-toolbar.tsx';
import { useSeries } from './use-series.ts';
import { useThrottled } from './use-throttled.ts';
import { toggled, useView } from './use-view.ts';

export type RunItem = Outputs['runs']['list']['items'][number] & {
  diagnosis?: Outputs['runs']['diagnoses'][number] | undefined;
};

/** More lines than this can't be told apart. */
const MOST_DRAWN = 20;
const LIST_MS = 1_500;
/** What no event tells is looked up this often while a run trains. */
const QUIET_MS = 10_000;
const POINTS_MS = 500;
const NO_RUNS: RunItem[] = [];

export function RunsPage({ projectId, search }: { projectId: string; search: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [view, change] = useView(search);
  const list = useQuery({
    ...trpc.runs.list.queryOptions({ projectId, limit: LIST_LIMIT }),
    // A lost trainer says nothing.
    refetchInterval: ({ state }) => (state.data?.items.some((run) => run.state === 'running') ? QUIET_MS : false),
  });
  const project = useQuery(trpc.projects.get.queryOptions({ projectId }));
  const verdicts = useQuery(trpc.runs.diagnoses.queryOptions({ projectId }));
  const runs = useMemo(() => withVerdicts(list.data?.items ?? NO_RUNS, verdicts.data), [list.data, verdicts.data]);
  const lead = leadOf(runs);

  const filter = useMemo(() => rowFilter(view.filter), [view.filter]);
  const matching = useMemo(() => {
    const kept = runs.filter((r) => view.pinned.includes(r.number) || !filter.ok || filter.matches(r));
    const sorted = sortRows(kept, view.sort.column, view.sort.descending);
    return [
      ...sorted.filter((r) => view.pinned.includes(r.number)),
      ...sorted.filter((r) => !view.pinned.includes(r.number)),
    ];
  }, [runs, filter, view.sort, view.pinned]);
  const drawable = useMemo(() => {
    const chosen =
      view.selected.length > 0
        ? matching.filter((r) => view.selected.includes(r.number) || view.pinned.includes(r.number))
        : // A check is no training: it shows beside others when somebody ticks or pins it.
          matching.filter((r) => !isCheck(r.config) || view.pinned.includes(r.number));
    return chosen.filter((r) => !view.hidden.includes(r.number) && r.startedAt !== null);
  }, [matching, view.selected, view.hidden, view.pinned]);
  const drawn = useMemo(() => drawable.slice(0, MOST_DRAWN), [drawable]);

  const names = useQuery(
    trpc.runs.seriesNames.queryOptions(
      { runIds: drawn.map((r) => r.id) },
      { enabled: drawn.length > 0, placeholderData: (old) => old },
    ),
  );
  const open = useMemo(() => (names.data ?? []).filter((n) => !isShut(groupOf(n), view.shut)), [names.data, view.shut]);
  const series = useSeries(drawn, open);
  const [pointedAt, setPointedAt] = useState<string | null>(null);

  const changed = useRef(new Set<string>());
  const refreshList = useThrottled(() => {
    void list.refetch();
    // A disabled query is fetched all the same where it is told to.
    if (drawn.length > 0) void names.refetch();
    void verdicts.refetch();
    void queries.invalidateQueries(trpc.projects.get.queryFilter({ projectId }));
  }, LIST_MS);
  const refreshPoints = useThrottled(() => {
    const ids = drawn.map((r) => r.id).filter((id) => changed.current.has(id));
    changed.current.clear();
    if (ids.length > 0) series.more(ids);
  }, POINTS_MS);
  useLive({ projectId }, (event) => {
    if (event.topic === 'resync') for (const run of drawn) changed.current.add(run.id);
    else if (event.topic === 'run') changed.current.add(event.id);
    else return;
    refreshList();
    refreshPoints();
  });

  const columns = useMemo(
    () => (view.columns ?? defaultColumns(runs, lead)).map(columnOf).filter((c) => c !== null),
    [view.columns, runs, lead],
  );
  const launch = project.data?.canWrite ? (
    <ButtonLink variant="go" size="s" href={`/p/${projectId}/runs/new`}>
      Launch a run
    </ButtonLink>
  ) : null;

  if (list.error && !list.data)
    return <ErrorState error={list.error} retry={() => void list.refetch()} title="The runs did not load." />;
  if (!list.data) return <Skeleton lines={10} />;
  if (runs.length === 0)
    return (
      <EmptyState title="No run yet" action={launch}>
        A run trains one model on the train part and checks it on the validation part after each epoch. Its curves
        appear here while it trains.
      </EmptyState>
    );
  return (
    <>
      <h1 className="vh">Runs of {project.data?.name}</h1>
      <RunsToolbar
        view={view}
        change={change}
        filter={filter}
        runs={runs}
        matching={matching}
        drawn={drawn.length}
        columns={columns}
        launch={launch}
      />
      {list.error ? (
        <ErrorState error={list.error} retry={() => void list.refetch()} title="The table may be old." />
      ) : null}
      <RunsTable
        projectId={projectId}
        rows={matching}
        columns={columns}
        view={view}
        change={change}
        drawn={drawn}
        onPointAt={setPointedAt}
      />
      <p className="small two mt-2">{notes(matching.length, drawable.length, list.data.nextCursor !== null)}</p>
      <RunsCharts
        runs={drawn}
        names={names.data ?? []}
        series={series}
        view={view}
        change={change}
        isShut={(group) => isShut(group, view.shut)}
        onShut={(group) => change({ shut: toggled(view.shut, group) })}
        pointedAt={pointedAt}
        error={names.error}
        retry={() => void names.refetch()}
      />
    </>
  );
}

function withVerdicts(runs: readonly RunItem[], verdicts: Outputs['runs']['diagnoses'] = []): RunItem[] {
  const of = new Map(verdicts.map((verdict) => [verdict.runId, verdict]));
  return runs.map((run) => ({ ...run, diagnosis: of.get(run.id) }));
}

function leadOf(runs: readonly RunItem[]): 'accuracy' | 'rmse' {
  return runs.some((r) => 'rmse/validation' in r.lastMetrics) ? 'rmse' : 'accuracy';
}

function groupOf(name: string): string {
  return name.split('/')[0]!;
}

/** What the machine does and each layer interests few: shut until it is opened. */
const SHUT_AT_FIRST: ReadonlySet<string> = new Set(['system', 'profile', 'weight_norm', 'update_ratio']);

function isShut(group: string, toggledGroups: readonly string[]): boolean {
  return SHUT_AT_FIRST.has(group) !== toggledGroups.includes(group);
}

function notes(rows: number, drawable: number, more: boolean): string {
  return [
    drawable > MOST_DRAWN &&
      `The charts show the first ${MOST_DRAWN} of ${count(drawable)}; tick rows to choose others.`,
    more && `The table holds the newest ${count(LIST_LIMIT)} runs.`,
    rows === 0 && 'No run matches this filter.',
  ]
    .filter(Boolean)
    .join(' ');
}
