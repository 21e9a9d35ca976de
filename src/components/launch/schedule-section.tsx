'use client';

import { Segmented } from '#components/ui/index.ts';
import { SCHEDULE_NAMES, type ScheduleSpec, scheduleSchema } from '#core/config/run-config.ts';
import { warmupEpochs } from '#core/run/schedule.ts';
import { NumberField } from './number-field.tsx';
import { ScheduleCurve } from './schedule-curve.tsx';
import type { Draft } from './use-draft.ts';
import { WatchField } from './watch-field.tsx';

const KINDS = (Object.keys(SCHEDULE_NAMES) as ScheduleSpec['kind'][]).map((value) => ({
  value,
  label: SCHEDULE_NAMES[value],
}));

/** Each number of a schedule that has a field, in order. */
const FIELDS: Record<ScheduleSpec['kind'], readonly (readonly [key: string, label: string, width: number])[]> = {
  constant: [],
  step: [
    ['everyEpochs', 'Falls every, epochs', 92],
    ['factor', 'To the factor', 72],
  ],
  exponential: [['factor', 'Factor each epoch', 72]],
  cosine: [['finalRate', 'Final rate', 84]],
  plateau: [
    ['patience', 'Patience, epochs', 64],
    ['factor', 'To the factor', 72],
    ['minDelta', 'Least change', 72],
    ['cooldownEpochs', 'Cooldown, epochs', 64],
    ['finalRate', 'Never below', 84],
  ],
  one_cycle: [
    ['rise', 'Rise, share', 72],
    ['startDivisor', 'Start, rate ÷', 72],
    ['endDivisor', 'End, start ÷', 92],
  ],
};

export function ScheduleSection({
  draft,
  trainItems,
  lead,
}: {
  draft: Draft;
  trainItems: number;
  lead: 'accuracy' | 'rmse';
}) {
  const { config, patch, problemAt } = draft;
  const { schedule } = config;
  const set = (change: object) => patch({ schedule: { ...schedule, ...change } as ScheduleSpec });

  function choose(kind: ScheduleSpec['kind']) {
    const warmup = kind === 'one_cycle' ? {} : { warmupEpochs: warmupEpochs(schedule) || 0 };
    const more = {
      ...(kind === 'step' && { everyEpochs: Math.max(1, Math.round((config.epochs || 3) / 3)) }),
      ...(kind === 'plateau' && { metric: 'loss', direction: 'min' }),
    };
    patch({ schedule: scheduleSchema.parse({ kind, ...warmup, ...more }) });
  }

  return (
    <section className="fs">
      <h2>Schedule</h2>
      <div>
        <Segmented label="Schedule" tall options={KINDS} value={schedule.kind} onChange={choose} />
        <div className="rowf schedule">
          {schedule.kind !== 'one_cycle' && (
            <NumberField
              label="Warm-up, epochs"
              value={schedule.warmupEpochs}
              width={92}
              error={problemAt('/schedule/warmupEpochs')}
              onChange={(epochs) => set({ warmupEpochs: epochs })}
            />
          )}
          {schedule.kind === 'plateau' && (
            <WatchField
              value={schedule.metric}
              lead={lead}
              error={problemAt('/schedule/metric') ?? problemAt('/schedule/direction')}
              onChange={set}
            />
          )}
          {FIELDS[schedule.kind].map(([key, label, width]) => (
            <NumberField
              key={`${schedule.kind} ${key}`}
              label={label}
              value={schedule[key as keyof ScheduleSpec] as unknown as number}
              width={width}
              error={problemAt(`/schedule/${key}`)}
              onChange={(value) => set({ [key]: value })}
            />
          ))}
          {draft.valid && <ScheduleCurve config={draft.valid} trainItems={trainItems} />}
        </div>
      </div>
    </section>
  );
}
