'use client';

import { Segmented } from '#components/ui/index.ts';
import { stepsPerEpoch } from '#core/config/check-config.ts';
import { type RunConfig, type ScheduleSpec, scheduleSchema } from '#core/config/run-config.ts';
import { rateValue } from '#core/format/numbers.ts';
import { learningRateAt } from '#core/run/schedule.ts';
import { NumberField } from './number-field.tsx';
import type { Draft } from './use-draft.ts';

const KINDS = [
  { value: 'constant', label: 'Constant' },
  { value: 'step', label: 'Step' },
  { value: 'cosine', label: 'Cosine' },
] as const;

export function ScheduleSection({ draft, trainItems }: { draft: Draft; trainItems: number }) {
  const { config, patch, problemAt } = draft;
  const { schedule } = config;
  const set = (change: Partial<ScheduleSpec>) => patch({ schedule: { ...schedule, ...change } as ScheduleSpec });

  function choose(kind: ScheduleSpec['kind']) {
    const more = kind === 'step' ? { everyEpochs: Math.max(1, Math.round((config.epochs || 3) / 3)) } : {};
    patch({ schedule: scheduleSchema.parse({ kind, warmupEpochs: schedule.warmupEpochs || 0, ...more }) });
  }

  return (
    <section className="fs">
      <h2>Schedule</h2>
      <div>
        <Segmented label="Schedule" tall options={KINDS} value={schedule.kind} onChange={choose} />
        <div className="rowf schedule">
          <NumberField
            label="Warm-up, epochs"
            value={schedule.warmupEpochs}
            width={92}
            error={problemAt('/schedule/warmupEpochs')}
            onChange={(warmupEpochs) => set({ warmupEpochs })}
          />
          {schedule.kind === 'step' && (
            <>
              <NumberField
                label="Falls every, epochs"
                value={schedule.everyEpochs}
                width={92}
                error={problemAt('/schedule/everyEpochs')}
                onChange={(everyEpochs) => set({ everyEpochs })}
              />
              <NumberField
                label="To the factor"
                value={schedule.factor}
                width={72}
                error={problemAt('/schedule/factor')}
                onChange={(factor) => set({ factor })}
              />
            </>
          )}
          {schedule.kind === 'cosine' && (
            <NumberField
              label="Final rate"
              value={schedule.finalRate}
              width={84}
              error={problemAt('/schedule/finalRate')}
              onChange={(finalRate) => set({ finalRate })}
            />
          )}
          {draft.valid && <ScheduleCurve config={draft.valid} trainItems={trainItems} />}
        </div>
      </div>
    </section>
  );
}

const POINTS = 120;
const HEIGHT = 64;

/** The rate of every step, from the same function as the trainer uses. */
function ScheduleCurve({ config, trainItems }: { config: RunConfig; trainItems: number }) {
  const perEpoch = stepsPerEpoch(trainItems, config.batchSize);
  const steps = config.epochs * perEpoch;
  const rates = Array.from({ length: POINTS + 1 }, (_, i) =>
    learningRateAt(config, Math.min(steps - 1, Math.round((i / POINTS) * steps)), perEpoch),
  );
  const path = rates
    .map((r, i) => `${i ? 'L' : 'M'}${(i / POINTS) * 1000} ${(1 - r / config.learningRate) * 1000}`)
    .join('');
  const warm = Math.min(config.schedule.warmupEpochs, config.epochs);
  return (
    <figure className="rate-curve">
      <svg
        viewBox="0 0 1000 1000"
        preserveAspectRatio="none"
        height={HEIGHT}
        role="img"
        aria-label={`Learning rate over ${config.epochs} epochs: starts at ${rateValue(rates[0]!)}, is ${rateValue(config.learningRate)} at most, ends at ${rateValue(rates.at(-1)!)}.`}
      >
        <path className="g" d="M0 0H1000" />
        <path className="ax" d="M0 1000H1000" />
        <path className="ln" d={path} />
      </svg>
      <span style={{ top: 0, right: '100%' }} aria-hidden>
        {rateValue(config.learningRate)}
      </span>
      <span style={{ bottom: 0, right: '100%' }} aria-hidden>
        0
      </span>
      {warm > 0 && warm < config.epochs * 0.8 && (
        <span style={{ top: '100%', left: `${(warm / config.epochs) * 100}%` }} className="mid" aria-hidden>
          {warm}
        </span>
      )}
      <span style={{ top: '100%', right: 0 }} className="under" aria-hidden>
        epoch {config.epochs}
      </span>
    </figure>
  );
}
