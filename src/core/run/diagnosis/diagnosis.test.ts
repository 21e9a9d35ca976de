import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DIAGNOSES, type DiagnosisFacts, type DiagnosisKind, diagnose, diagnosisWords } from './index.ts';
import { factsOf, type LabelledRun, numbers, diagnoseLabelled as read } from './testing.ts';

/** Real runs with what they were made to be: see bench/diagnosis.ts and docs/diagnosis.md. */
const RUNS: LabelledRun[] = readFileSync(new URL('curves.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

test('at least 120 real runs, of every state, in two halves', () => {
  expect(RUNS.length).toBeGreaterThanOrEqual(120);
  for (const half of ['tuning', 'held-out'])
    expect(new Set(RUNS.filter((run) => run.half === half).map((run) => run.label))).toEqual(
      new Set(Object.keys(DIAGNOSES)),
    );
});

test.each(['tuning', 'held-out'] as const)(
  '%s: at least 95 % right, and no healthy run is called overfitting',
  (half) => {
    const runs = RUNS.filter((run) => run.half === half);
    const wrong = runs.filter((run) => read(run).kind !== run.label);
    expect(runs.filter((run) => run.label === 'healthy' && read(run).kind === 'overfitting')).toEqual([]);
    expect(
      1 - wrong.length / runs.length,
      wrong.map((run) => `${run.made}: ${run.label}, ${read(run).kind}`).join('\n'),
    ).toBeGreaterThanOrEqual(0.95);
  },
);

test('no epoch of a healthy run is called overfitting, and no run changes its verdict more than a few times', () => {
  for (const run of RUNS) {
    const kinds = run.lossTrain.map((_, i) => read(run, i + 1).kind);
    if (run.label === 'healthy') expect(kinds, run.made).not.toContain('overfitting');
    const changes = kinds.filter((kind, i) => i > 0 && kind !== kinds[i - 1]).length;
    expect(changes, `${run.made}: ${kinds.join(' ')}`).toBeLessThanOrEqual(6);
  }
});

const FACTS: DiagnosisFacts = {
  guess: Math.log(10),
  trainItems: 1000,
  validationItems: 300,
  dropout: [],
  augmented: false,
  unlike: [],
  patience: null,
  rateTimes: 1,
  momentum: 0,
  notANumber: false,
};
const SHAPES: { kind: DiagnosisKind; train: (e: number) => number; validation: (e: number) => number }[] = [
  { kind: 'healthy', train: (e) => 0.05 + 2 * Math.exp(-e / 5), validation: (e) => 0.12 + 2 * Math.exp(-e / 5) },
  {
    kind: 'overfitting',
    train: (e) => 0.005 + 2 * Math.exp(-e / 6),
    validation: (e) => 0.3 + 2 * Math.exp(-e / 3) + 0.02 * Math.max(0, e - 14),
  },
  { kind: 'underfitting', train: (e) => 1.6 + 0.6 * Math.exp(-e / 3), validation: (e) => 1.7 + 0.5 * Math.exp(-e / 3) },
  { kind: 'plateau', train: (e) => 0.7 + 1.5 * Math.exp(-e / 3), validation: (e) => 0.8 + 1.4 * Math.exp(-e / 3) },
];
const noise = (length: number) =>
  fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: length, maxLength: length });
const EPOCHS = 50;

test.each(SHAPES)('noise of 2 % does not turn $kind into anything else', ({ kind, train, validation }) => {
  fc.assert(
    fc.property(noise(EPOCHS), noise(EPOCHS), (a, b) => {
      const lossTrain = a.map((x, i) => train(i + 1) * (1 + 0.02 * x));
      const lossValidation = b.map((x, i) => validation(i + 1) * (1 + 0.02 * x));
      expect(diagnose({ lossTrain, lossValidation }, FACTS).kind).toBe(kind);
    }),
    { numRuns: 200 },
  );
});

test('once told, a state stays told under noise of 2 %', () => {
  const { train, validation } = SHAPES[1]!;
  fc.assert(
    fc.property(noise(EPOCHS), noise(EPOCHS), (a, b) => {
      const lossTrain = a.map((x, i) => train(i + 1) * (1 + 0.02 * x));
      const lossValidation = b.map((x, i) => validation(i + 1) * (1 + 0.02 * x));
      const kinds = a.map(
        (_, i) =>
          diagnose({ lossTrain: lossTrain.slice(0, i + 1), lossValidation: lossValidation.slice(0, i + 1) }, FACTS)
            .kind,
      );
      const first = kinds.indexOf('overfitting');
      expect(first).toBeGreaterThan(14);
      expect(new Set(kinds.slice(first))).toEqual(new Set(['overfitting']));
    }),
    { numRuns: 50 },
  );
});

test('a unit of the loss does not matter where guessing is counted in it too', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...RUNS.filter((run) => !run.notANumber)),
      fc.constantFrom(0.25, 2, 8),
      (run, factor) => {
        const scaled = (values: readonly (number | null)[]) => numbers(values).map((value) => value * factor);
        const facts = factsOf(run);
        const curves = { lossTrain: scaled(run.lossTrain), lossValidation: scaled(run.lossValidation) };
        expect(diagnose(curves, { ...facts, guess: facts.guess! * factor }).kind).toBe(read(run).kind);
      },
    ),
    { numRuns: 100 },
  );
});

test('not a number is told at once, with its epoch', () => {
  const curves = { lossTrain: [2, 1.5, Number.NaN], lossValidation: [2, 1.6, 1.5] };
  expect(diagnose(curves, FACTS)).toMatchObject({ kind: 'diverging', since: 3 });
  const ended = { lossTrain: [2, 1.5], lossValidation: [2, 1.6] };
  expect(diagnose(ended, { ...FACTS, notANumber: true })).toMatchObject({ kind: 'diverging', since: 3 });
  expect(diagnose({ lossTrain: [], lossValidation: [] }, { ...FACTS, notANumber: true })).toMatchObject({ since: 1 });
});

test('before the first epoch there is nothing to say, and words for that', () => {
  const nothing = diagnose({ lossTrain: [], lossValidation: [] }, FACTS);
  expect(nothing).toMatchObject({ kind: 'unclear', since: null, evidence: null });
  expect(diagnosisWords(nothing, FACTS, 'image').title).toBe('Too early to say');
});

test('words of every state have their figures and no hole', () => {
  for (const run of RUNS) {
    const words = diagnosisWords(read(run), factsOf(run), 'row');
    expect(words.sentences, run.made).not.toMatch(/undefined|null|Infinity/);
    if (run.label !== 'diverging') expect(words.sentences, run.made).not.toContain('NaN');
  }
});

test('overfitting is told with its epoch and its evidence', () => {
  const { train, validation } = SHAPES[1]!;
  const at = (of: (e: number) => number) => Array.from({ length: EPOCHS }, (_, i) => of(i + 1));
  const told = diagnose({ lossTrain: at(train), lossValidation: at(validation) }, FACTS);
  expect(told.since).toBeGreaterThan(10);
  expect(told.since).toBeLessThan(19);
  expect(told.evidence).toEqual({ from: told.since, to: EPOCHS, mark: told.since });
  const words = diagnosisWords(told, FACTS, 'image');
  expect(words.title).toBe(`Overfitting since epoch ${told.since}`);
  expect(words.sentences).toMatch(/train loss fell from .* to .*, while validation loss rose from .* to .*/);
  expect(words.remedies.map((remedy) => remedy.name)).toEqual([
    'Early stopping',
    'Dropout',
    'Augmentation',
    'L2 penalty',
    'A smaller model',
  ]);
});

test('a loss far above guessing is told after three epochs, and from the first', () => {
  const lossTrain = [1_812, 2_130, 1_950, 2_040, 1_990];
  const lossValidation = [2_307, 1_760, 2_210, 1_840, 2_307];
  const upTo = (n: number) =>
    diagnose({ lossTrain: lossTrain.slice(0, n), lossValidation: lossValidation.slice(0, n) }, FACTS);
  expect(upTo(2).kind).toBe('unclear');
  for (const n of [3, 4, 5]) expect(upTo(n)).toMatchObject({ kind: 'diverging', since: 1 });
});

test('a first epoch that began far above and ended well is none of it', () => {
  const lossTrain = [40, 1.9, 1.2, 0.8];
  const lossValidation = [2.2, 1.4, 0.9, 0.7];
  for (const n of [1, 2, 3, 4])
    expect(diagnose({ lossTrain: lossTrain.slice(0, n), lossValidation: lossValidation.slice(0, n) }, FACTS).kind).toBe(
      'unclear',
    );
});
