import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { presetModel, presetsFor } from '#core/config/presets.ts';
import { LAYERS } from '#core/model/fixtures/layers.ts';
import { planModel } from '#core/model/plan.ts';
import { type InputSpec, type ModelSpec, modelSchema, type TaskSpec } from '#core/model/spec.ts';
import { summarise } from '#core/model/summary.ts';
import {
  isGraph,
  type ModuleRow,
  moduleRows,
  moduleTotals,
  SUMMARY_COLUMNS,
  summaryText,
} from '#core/model/summary-text.ts';

/**
 * The layer table against torchinfo 1.8 itself: every preset in two sizes with each kind of input and task, and networks of every other layer, blocks and branches.
 * Compares each row and total, and then the text, character by character. Exits with 1 where anything differs.
 *
 * node bench/torchinfo.ts --python /path/to/python [--fixtures src/core/model/fixtures]
 */
const { values: options } = parseArgs({
  options: {
    /** of an environment that has torch and torchinfo */
    python: { type: 'string' },
    /** writes torchinfo's text of the networks that the tests replay */
    fixtures: { type: 'string' },
  },
});

interface Case {
  name: string;
  model: ModelSpec;
  input: InputSpec;
  batch: number;
}
interface Found {
  text: string;
  rows: Record<string, unknown>[];
  totals: Record<string, number>;
}

const SIZES = [
  { width: 1, depth: 1 },
  { width: 0.5, depth: 2 },
];
/** sys.getsizeof counts Python's header of the tensor's storage in the input's bytes; Holdout doesn't. */
const STORAGE_HEADER = 64;
const COMPARED = [
  'type',
  'output',
  'kernel',
  'parameters',
  'trainable',
  'multAdds',
  'depth',
  'index',
] as const satisfies (keyof ModuleRow)[];
const FIXTURES: Record<string, string> = {
  'keypoints, width 1, depth 1, image 96x96x1, 30 targets, batch 128': 'torchinfo-keypoints.txt',
  'every layer': 'torchinfo-layers.txt',
  'a graph': 'torchinfo-graph.txt',
};

if (options.python) compareAll(options.python);
else console.log('Nothing to compare with: give --python of an environment that has torch and torchinfo 1.8.0.');

function compareAll(python: string): void {
  const cases = [...presetCases(), ...everyLayer()];
  const all = ask(python, cases);
  const wrong = cases.filter((each, i) => {
    const differences = compare(each, all[i]!);
    for (const difference of differences) console.error(`${each.name}: ${difference}`);
    return differences.length > 0;
  });
  const rows = all.reduce((n, { rows }) => n + rows.length, 0);
  console.log(`${cases.length} networks, ${rows} rows: ${wrong.length} networks differ from torchinfo.`);
  if (wrong.length > 0) process.exitCode = 1;
  if (options.fixtures)
    for (const [name, file] of Object.entries(FIXTURES)) {
      const at = cases.findIndex((each) => each.name === name);
      writeFileSync(path.join(options.fixtures, file), `${all[at]!.text}\n`);
    }
}

function presetCases(): Case[] {
  const image = (side: number, channels: 1 | 3 | 4): InputSpec => ({
    kind: 'image',
    height: side,
    width: side,
    channels,
  });
  const wide: InputSpec = { kind: 'image', height: 48, width: 80, channels: 3 };
  const inputs = [image(28, 1), image(32, 3), image(64, 4), image(96, 1), wide];
  const features = [1, 4, 64, 1000].map((n): InputSpec => ({ kind: 'vector', features: n }));
  const tasks: TaskSpec[] = [
    { kind: 'classification', classes: 10 },
    { kind: 'regression', targets: 30, offset: Array(30).fill(0), scale: Array(30).fill(1), unit: '' },
  ];
  return [...inputs, ...features].flatMap((input) =>
    tasks.flatMap((task) =>
      presetsFor(input, task).flatMap(({ id }) =>
        SIZES.flatMap((size) =>
          [1, 128].map((batch) => ({
            name: `${id}, width ${size.width}, depth ${size.depth}, ${nameOf(input)}, ${task.kind === 'regression' ? '30 targets' : '10 classes'}, batch ${batch}`,
            model: presetModel(id, input, task, size),
            input,
            batch,
          })),
        ),
      ),
    ),
  );
}

function nameOf(input: InputSpec): string {
  return input.kind === 'image'
    ? `image ${input.height}x${input.width}x${input.channels}`
    : `${input.features} features`;
}

/** The layers and options that no preset has. */
function everyLayer(): Case[] {
  const input: InputSpec = { kind: 'image', height: 40, width: 56, channels: 3 };
  const of = (name: string, layers: unknown[], batch: number, from: InputSpec = input): Case => ({
    name,
    model: modelSchema.parse({ layers }),
    input: from,
    batch,
  });
  const bare = [{ type: 'flatten' }, { type: 'activation', activation: 'relu' }];
  return [
    of('every layer', LAYERS.every, 32),
    of('a graph', LAYERS.graph, 8),
    of('no parameters', bare, 2),
    /** forward/backward 125,000 bytes: exactly between 0.12 and 0.13 MB */
    of('an exact half', [{ type: 'dense', units: 125, bias: false }], 125, { kind: 'vector', features: 16 }),
  ];
}

function ask(python: string, cases: Case[]): Found[] {
  const script = fileURLToPath(new URL('torch/torchinfo_summary.py', import.meta.url));
  const input = cases.map(({ model, input, batch }) => {
    const plan = planModel(model, input);
    return { layers: plan, graph: isGraph(plan), input, batch, columns: SUMMARY_COLUMNS };
  });
  const { status, stdout, stderr } = spawnSync(python, [script], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  if (status !== 0) throw new Error(`${python} ${script} failed (${status}):\n${stderr}`);
  return JSON.parse(stdout);
}

/** Where the two differ, in words. */
function compare({ model, input, batch }: Case, found: Found): string[] {
  const plan = planModel(model, input);
  const summary = summarise(model, input, batch);
  const rows = moduleRows(plan, batch);
  const totals = moduleTotals(rows, plan, batch);
  const differences: string[] = [];
  const same = (place: string, ours: unknown, theirs: unknown) => {
    if (JSON.stringify(ours) !== JSON.stringify(theirs))
      differences.push(`${place}: ${JSON.stringify(ours)} here, ${JSON.stringify(theirs)} in torchinfo`);
  };
  same('rows', rows.length, found.rows.length);
  rows.forEach((row, i) => {
    for (const key of COMPARED) same(`row ${i + 1} ${key}`, row[key], found.rows[i]?.[key]);
  });
  same('totals', { ...totals, input: totals.input + STORAGE_HEADER }, found.totals);
  // The table of the pages counts running statistics as parameters, torchinfo doesn't.
  same('trainable in the table', summary.trainable, found.totals.trainable);
  same('mult-adds in the table', summary.multAdds, found.totals.multAdds);
  same('forward/backward in the table', summary.forwardBackwardMemory, found.totals.forwardBackward);
  const theirs = found.text.split('\n');
  summaryText(plan, batch)
    .split('\n')
    .forEach((line, i) => {
      same(`line ${i + 1}`, line, theirs[i]);
    });
  return differences;
}
