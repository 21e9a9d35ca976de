import { afterAll, describe, expect, test } from 'vitest';
import { LOSS_NAMES, objectiveSchema } from '#core/config/objective.ts';
import { OPTIMIZER_NAMES, SCHEDULE_NAMES, scheduleSchema } from '#core/config/run-config.ts';
import type { TaskSpec } from '#core/model/spec.ts';
import { foldPlateau, NO_PLATEAU } from '#core/run/plateau.ts';
import { learningRateAt } from '#core/run/schedule.ts';
import { EagerFit } from './eager/eager-fit.ts';
import type { Fit, FitSpec, PartArrays } from './engine.ts';
import golden from './golden-objective.json' with { type: 'json' };
import { composedOps } from './model/composed-ops.ts';
import { problemOf } from './model/problem.ts';
import { preparePart } from './part.ts';
import { nativeOps } from './tensorflow/fused-ops.ts';
import { findLibrary } from './tensorflow/library.ts';
import { BACKEND, sharedRuntime } from './tensorflow/runtime.ts';
import { batchOf, convSpec, openEngines, TEST_LIBRARY, THREE_CLASSES, wave } from './testing.ts';

/** Of bench/golden/objective.py. */
const ITEMS = 24;
const [PER_EPOCH, EPOCHS] = [3, 7];
const REGRESSION: TaskSpec = { kind: 'regression', targets: 2, offset: [0.5, 0.5], scale: [2, 2], unit: '' };

interface Case {
  name: string;
  task: string;
  learningRate: number;
  optimizer: object;
  losses: number[];
  evaluated?: number[];
  schedule?: object;
  classWeights?: number[];
  batchSize?: number;
  [objective: string]: unknown;
}
const cases = golden.cases as Case[];

const engines = await openEngines();
afterAll(() => Promise.all(engines.map((e) => e.close())));
type Open = (spec: FitSpec, train: PartArrays) => Promise<Fit>;
const ways: [string, Open][] = engines.map((engine) => [
  engine.info.kind === 'tensorflow' ? 'compiled' : 'wasm',
  (spec, train) => engine.openFit(spec, train, train),
]);
if (engines[0]?.info.kind === 'tensorflow')
  ways.push([
    'eager',
    async (spec, train) => {
      const runtime = sharedRuntime(findLibrary(TEST_LIBRARY), 2);
      const part = preparePart('train', train, spec.input, spec.task);
      const problem = problemOf(composedOps(nativeOps(runtime)), spec);
      return new EagerFit({ name: BACKEND, threads: 2 }, problem, spec, { train: part, validation: part }, 'A test.');
    },
  ]);

function specOf({ task, optimizer, classWeights = undefined, batchSize, ...rest }: Case): FitSpec {
  const options = Object.entries(rest).filter(([name]) => name in objectiveSchema.shape);
  return {
    ...convSpec({
      layers: [
        { type: 'dense', units: 7, activation: 'tanh' },
        { type: 'dense', units: task === 'regression' ? 2 : 3 },
      ],
      optimizer,
    }),
    ...objectiveSchema.parse(Object.fromEntries(options)),
    input: { kind: 'vector', features: 5 },
    task: task === 'regression' ? REGRESSION : THREE_CLASSES,
    classWeights: classWeights ?? null,
    batchSize: batchSize ?? 8,
  };
}

function partOf(task: string): PartArrays {
  const targets = wave(2 * ITEMS, 0.7, 3);
  for (const at of [6, 19, 20, 21]) targets[at] = Number.NaN;
  const classes = Int32Array.from({ length: ITEMS }, (_, i) => (7 * i) % 3);
  return { x: wave(5 * ITEMS, 0.1, 2), y: task === 'regression' ? targets : classes, n: ITEMS };
}

/** Accumulated ones come in epochs whose last update is smaller and uneven. */
function updateOf({ batchSize, accumulate }: FitSpec, step: number): Int32Array {
  if (accumulate === 1) return batchOf(step, batchSize, ITEMS);
  const size = batchSize * accumulate;
  const start = (step % Math.ceil(ITEMS / size)) * size;
  return Int32Array.from({ length: Math.min(size, ITEMS - start) }, (_, i) => (7 * (start + i)) % ITEMS);
}

async function startAsPyTorch(fit: Fit, outputs: number): Promise<void> {
  const state = await fit.state();
  const set = (name: string, values: Float32Array) => state.get(name)!.data.set(values);
  set('dense_1/kernel', wave(35, 1, 0.5));
  set('dense_1/bias', wave(7, 2, 0.1));
  set('dense_2/kernel', wave(7 * outputs, 3, 0.5));
  set('dense_2/bias', wave(outputs, 4, 0.1));
  await fit.restore(state);
}

/** Adam divides one small average by the root of another, which makes more of each rounding. */
const toleranceOf = ({ kind }: FitSpec['optimizer']) => (kind.startsWith('adam') ? 3e-5 : 1e-5);

describe.each(ways)('%s', (way, open) => {
  test.each(cases.map((one) => [`${one.task}: ${one.name}`, one] as const))('%s as PyTorch', async (_, one) => {
    const spec = specOf(one);
    const isClose = (got: number, wanted: number, what: string) =>
      expect(Math.abs(got - wanted) / wanted, `${what}: ${got}, PyTorch ${wanted}`).toBeLessThan(
        toleranceOf(spec.optimizer),
      );
    const schedule = scheduleSchema.parse(one.schedule ?? { kind: 'constant' });
    const fit = await open(spec, partOf(one.task));
    try {
      expect(fit.mode.kind).toBe(way === 'compiled' ? 'compiled' : 'eager');
      await startAsPyTorch(fit, one.task === 'regression' ? 2 : 3);
      let plateau = NO_PLATEAU;
      const evaluated = [...(one.evaluated ?? [])];
      for (const [step, expected] of one.losses.entries()) {
        const config = { learningRate: one.learningRate, schedule, epochs: EPOCHS };
        const rate = learningRateAt(config, step, PER_EPOCH, plateau.falls);
        const { loss } = await fit.step(updateOf(spec, step), rate);
        isClose(loss, expected, `step ${step}`);
        if (schedule.kind !== 'plateau' || (step + 1) % PER_EPOCH) continue;
        const { loss: whole } = await fit.evaluate('train');
        isClose(whole, evaluated.shift()!, `evaluated after step ${step}`);
        plateau = foldPlateau(schedule, plateau, (step + 1) / PER_EPOCH, whole);
      }
      if (schedule.kind === 'plateau') expect(plateau.falls).toBeGreaterThan(1);
      for (const wanted of evaluated) isClose((await fit.evaluate('validation')).loss, wanted, 'evaluated');
    } finally {
      await fit.close();
    }
  });
});

test('every loss, optimiser, schedule and option has a trajectory', () => {
  const kinds = (field: 'loss' | 'optimizer' | 'schedule') =>
    new Set(cases.map((one) => (one[field] as { kind?: string } | undefined)?.kind));
  for (const kind of Object.keys(OPTIMIZER_NAMES)) expect(kinds('optimizer')).toContain(kind);
  for (const kind of Object.keys(SCHEDULE_NAMES)) expect(kinds('schedule').has(kind)).toBe(true);
  // The two usual losses are those of every case that names none.
  for (const kind of Object.keys(LOSS_NAMES).filter((k) => k !== 'mse')) expect(kinds('loss').has(kind)).toBe(true);
  for (const option of Object.keys(objectiveSchema.shape)) expect(cases.some((one) => option in one)).toBe(true);
});
