'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { useTRPCClient } from '#components/trpc/client.tsx';
import { EMPTY_SERIES, lastStep, mergeSeries, type Series } from '#core/chart/series.ts';

export type SeriesByName = ReadonlyMap<string, Series>;
export type SeriesOfRuns = ReadonlyMap<string, SeriesByName>;

/** A series above four times this comes thinned; below, every point comes, so that smoothing is exact. */
const BUCKETS = 2_500;
/** Run ids in one address. */
const RUNS_A_REQUEST = 20;

interface Wanted {
  id: string;
  /** a new attempt may have logged steps again: everything is fetched anew */
  attempt: number;
}

/**
 * Points of several runs, kept and merged in the browser: the first time all, then only what is new.
 * `more(ids)` fetches what is new of some runs (of all without `ids`); calls while one is under way are made up for after it.
 */
export function useSeries(runs: readonly Wanted[], names: readonly string[]) {
  const client = useTRPCClient();
  const store = useRef(new Map<string, Map<string, Series>>());
  const [data, setData] = useState<SeriesOfRuns>(new Map());
  const [error, setError] = useState<unknown>(null);
  const [loaded, setLoaded] = useState(false);
  const busy = useRef<Promise<void> | null>(null);
  const waiting = useRef<Set<string> | null>(null);
  const wanted = useRef({ runs, names });
  wanted.current = { runs, names };

  const fetchOnce = useCallback(
    async (ids: ReadonlySet<string>) => {
      const { runs: all, names: wantedNames } = wanted.current;
      // Names that are as far as each other share a request; at first that is one for all.
      const requests = new Map<string, { runs: { id: string; afterStep: number }[]; names: string[] }>();
      for (const run of all.filter((r) => ids.has(r.id))) {
        const known = store.current.get(keyOf(run));
        const byStep = new Map<number, string[]>();
        for (const name of wantedNames) {
          const step = lastStep(known?.get(name) ?? EMPTY_SERIES);
          byStep.set(step, [...(byStep.get(step) ?? []), name]);
        }
        for (const [afterStep, list] of [...byStep].flatMap(([step, all]) =>
          inParts(all).map((part) => [step, part] as const),
        )) {
          let part = 0;
          const slot = () => `${list.join(' ')}|${part}`;
          while ((requests.get(slot())?.runs.length ?? 0) >= RUNS_A_REQUEST) part++;
          const request = requests.get(slot()) ?? { runs: [], names: list };
          request.runs.push({ id: run.id, afterStep });
          requests.set(slot(), request);
        }
      }
      const answers = await Promise.all(
        [...requests.values()].map((request) => client.runs.series.query({ ...request, buckets: BUCKETS })),
      );
      const keys = new Map(all.map((run) => [run.id, keyOf(run)]));
      let changed = false;
      for (const { runId, series } of answers.flat()) {
        const key = keys.get(runId);
        if (!key) continue;
        const known = store.current.get(key) ?? new Map<string, Series>();
        for (const { name, ...points } of series) {
          const old = known.get(name) ?? EMPTY_SERIES;
          const merged = mergeSeries(old, points);
          changed ||= merged !== old;
          known.set(name, merged);
        }
        store.current.set(key, known);
      }
      return changed;
    },
    [client],
  );

  const more = useCallback(
    (ids?: Iterable<string>) => {
      const asked = new Set(ids ?? wanted.current.runs.map((r) => r.id));
      if (busy.current) {
        waiting.current = new Set([...(waiting.current ?? []), ...asked]);
        return;
      }
      busy.current = (async () => {
        for (let now: Set<string> | null = asked; now; now = take(waiting)) {
          const changed = await fetchOnce(now);
          // New maps, so that whoever draws sees that something changed.
          if (changed) setData(new Map(wanted.current.runs.map((r) => [r.id, new Map(store.current.get(keyOf(r)))])));
        }
        setError(null);
        setLoaded(true);
      })()
        .catch(setError)
        .finally(() => {
          busy.current = null;
        });
    },
    [fetchOnce],
  );

  const which = `${runs.map(keyOf).join()}|${names.join()}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `which` says when the runs or names are others
  useEffect(() => {
    // A new attempt fetches all again; until it is here the old points stay, so that no curve blinks.
    setData((old) => new Map(runs.map((r) => [r.id, store.current.get(keyOf(r)) ?? old.get(r.id) ?? new Map()])));
    if (runs.length > 0 && names.length > 0) more();
    else setLoaded(names.length === 0 && runs.length > 0);
  }, [which, more]);

  return { data, error, loaded, more };
}

/** The server answers this many series at once. */
const NAMES_A_REQUEST = 50;

function inParts(names: string[]): string[][] {
  const parts = Math.ceil(names.length / NAMES_A_REQUEST);
  return Array.from({ length: parts }, (_, i) => names.slice(i * NAMES_A_REQUEST, (i + 1) * NAMES_A_REQUEST));
}

function keyOf(run: Wanted): string {
  return `${run.id} ${run.attempt}`;
}

function take<T>(ref: { current: T | null }): T | null {
  const value = ref.current;
  ref.current = null;
  return value;
}
