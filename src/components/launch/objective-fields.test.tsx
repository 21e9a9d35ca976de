import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { LOSSES_OF, lossSchema } from '#core/config/objective.ts';
import { defaultConfig } from '#core/config/presets.ts';
import {
  OPTIMIZER_NAMES,
  optimizerSchema,
  type RunConfig,
  SCHEDULE_NAMES,
  scheduleSchema,
} from '#core/config/run-config.ts';
import type { TaskSpec } from '#core/model/spec.ts';
import { LossSection } from './loss-section.tsx';
import { OptimiserSection } from './optimiser-section.tsx';
import { ScheduleSection } from './schedule-section.tsx';
import type { Draft } from './use-draft.ts';

/** Whatever the JSON can say, the form has a control for: each value is one that stands nowhere else on the page. */

const CLASSES: TaskSpec = { kind: 'classification', classes: 3 };
const NUMBERS: TaskSpec = { kind: 'regression', targets: 1, offset: [0], scale: [1], unit: '' };
const base = defaultConfig({ kind: 'vector', features: 4 }, CLASSES, 100);

function draftOf(change: Partial<RunConfig>): Draft {
  const config = { ...base, ...change };
  return {
    config,
    valid: config,
    problems: [],
    former: null,
    patch() {},
    text: '',
    setText() {},
    problemAt: () => undefined,
    problemUnder: () => undefined,
  };
}

/** Every number of `spec` as one that can be told apart, and those among them that the page does not show. */
function missing<T extends object>(spec: T, page: (told: T) => string): string[] {
  const keys = Object.keys(spec).filter((key) => typeof spec[key as keyof T] === 'number');
  const told = { ...spec, ...Object.fromEntries(keys.map((key, i) => [key, 0.7301 + i / 1e6])) };
  const html = page(told);
  return keys.filter((_, i) => !html.includes(`value="${0.7301 + i / 1e6}"`));
}

test.each(Object.keys(SCHEDULE_NAMES))('every number of the schedule %s', (kind) => {
  const spec = scheduleSchema.parse({
    kind,
    ...(kind === 'step' && { everyEpochs: 3 }),
    ...(kind === 'plateau' && { direction: 'min' }),
  });
  const page = (schedule: RunConfig['schedule']) =>
    renderToStaticMarkup(<ScheduleSection draft={draftOf({ schedule })} trainItems={100} lead="accuracy" />);
  expect(missing(spec, page)).toEqual([]);
  if (kind === 'plateau') expect(page(spec)).toContain('validation accuracy, up');
});

test.each(Object.keys(OPTIMIZER_NAMES))(
  'every number of the optimiser %s, clipping, accumulation and averaging',
  (kind) => {
    const page = (change: Partial<RunConfig>) =>
      renderToStaticMarkup(<OptimiserSection draft={draftOf(change)} can={{}} repeats={1} onRepeats={() => {}} />);
    // Decay has its place on the card of the weight penalty.
    expect(missing(optimizerSchema.parse({ kind }), (optimizer) => page({ optimizer }))).toEqual(
      kind === 'adamw' ? ['weightDecay'] : [],
    );
    const html = page({ gradientClipping: { kind: 'value', limit: 0.77 }, accumulate: 77, ema: { decay: 0.777 } });
    for (const value of ['0.77', '77', '0.777']) expect(html).toContain(`value="${value}"`);
    expect(html).toContain('<details class="fold" open="">');
    expect(page({})).not.toContain('open=""');
  },
);

test('every loss that fits the task, with its number, and what classes count', () => {
  for (const task of [CLASSES, NUMBERS])
    for (const kind of LOSSES_OF[task.kind]) {
      const page = (loss: RunConfig['loss'], more: Partial<RunConfig> = {}) =>
        renderToStaticMarkup(<LossSection draft={draftOf({ loss, ...more })} task={task} classes={['a', 'b', 'c']} />);
      expect(missing(lossSchema.parse({ kind }), page)).toEqual([]);
      expect(page(null).includes('Classes weigh')).toBe(task === CLASSES);
      if (task === CLASSES)
        for (const value of ['0.31', '0.32', '0.33'])
          expect(page(null, { classWeights: [0.31, 0.32, 0.33] })).toContain(`value="${value}"`);
    }
});
