'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useMemo } from 'react';
import { RateChart } from '#components/charts/rate-chart.tsx';
import type { SeriesByName } from '#components/runs/use-series.ts';
import { useTRPC } from '#components/trpc/client.tsx';
import { Button, ErrorState } from '#components/ui/index.ts';
import type { RunConfig } from '#core/config/run-config.ts';
import { rateValue } from '#core/format/numbers.ts';
import { isOver } from '#core/run/lifecycle.ts';
import { MODE_WORDS } from '#core/run/modes.ts';
import { bolderRate, ratesInWords, readRates } from '#core/run/rate-finder.ts';
import type { RunDetail } from './run-page.tsx';

/** What a check found, in words, with its drawing and the training that it is for. */
export function RunCheck({ projectId, run, series }: { projectId: string; run: RunDetail; series: SeriesByName }) {
  const { mode } = run.config;
  const rates = series.get('lr/learning_rate');
  const losses = series.get('loss/train');
  const reading = useMemo(
    () => (mode === 'find_learning_rate' && rates && losses ? readRates(rates.values, losses.values) : null),
    [mode, rates, losses],
  );
  const over = isOver(run.state);
  const done = run.stopReason === 'completed';
  const suggestion = over ? (reading?.suggestion ?? null) : null;
  return (
    <section className="check-result" aria-label="What the check found">
      <div>
        <h2>{MODE_WORDS[mode].name}</h2>
        <p aria-live="polite">
          {done
            ? reading
              ? ratesInWords(reading)
              : run.message
            : over
              ? 'It ended before it was done.'
              : MODE_WORDS[mode].about}
        </p>
        <p className="small two">A check, not a training: it keeps no weights, has no diagnosis and can’t be final.</p>
      </div>
      {over && run.canWrite && (
        <Launch
          projectId={projectId}
          run={run}
          suggestion={suggestion}
          bolder={bolderRate(reading?.lowestAt ?? null)}
        />
      )}
      {reading && <RateChart {...reading} />}
    </section>
  );
}

function trainingOf(config: RunConfig, learningRate: number): RunConfig {
  const { schedule } = config;
  return {
    ...config,
    mode: 'train',
    learningRate,
    // A cosine may not end above where it starts.
    schedule:
      schedule.kind === 'cosine' ? { ...schedule, finalRate: Math.min(schedule.finalRate, learningRate) } : schedule,
  };
}

function Launch({
  projectId,
  run,
  suggestion,
  bolder,
}: {
  projectId: string;
  run: RunDetail;
  suggestion: number | null;
  bolder: number | null;
}) {
  const trpc = useTRPC();
  const router = useRouter();
  const queries = useQueryClient();
  // A project whose data was replaced trains on what is sealed now.
  const info = useQuery(trpc.runs.launchInfo.queryOptions({ projectId }));
  const launch = useMutation(
    trpc.runs.launch.mutationOptions({
      onSuccess: async ({ runs }) => {
        await queries.invalidateQueries(trpc.runs.pathFilter());
        void queries.invalidateQueries(trpc.projects.pathFilter());
        router.push(`/p/${projectId}/runs/${runs[0]!.id}`);
      },
    }),
  );
  const finder = run.config.mode === 'find_learning_rate';
  if (finder && suggestion === null) return null;
  const rates = finder ? [suggestion!, ...(bolder && bolder > suggestion! ? [bolder] : [])] : [run.config.learningRate];
  return (
    <div className="flex flex-wrap gap-2">
      {rates.map((rate, i) => (
        <Button
          key={rate}
          {...(i === 0 && { variant: 'go' as const })}
          disabled={!info.data?.dataset || launch.isPending}
          onClick={() => launch.mutate({ projectId, config: trainingOf(run.config, rate), parentId: run.id })}
        >
          {finder ? `Launch with ${rateValue(rate)}` : 'Launch the training'}
        </Button>
      ))}
      {launch.isError && <ErrorState error={launch.error} />}
    </div>
  );
}
