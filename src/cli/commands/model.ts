import type { Command } from 'commander';
import { layersSchema } from '#core/api/schemas.ts';
import { AppError } from '#core/errors.ts';
import { planModel } from '#core/model/plan.ts';
import { type InputSpec, inputSchema, type ModelSpec, type TaskSpec } from '#core/model/spec.ts';
import { summarise } from '#core/model/summary.ts';
import { SUMMARY_COLUMNS, type SummaryColumn, summaryText } from '#core/model/summary-text.ts';
import { Client } from '../client.ts';
import { loadCredentials } from '../credentials.ts';
import { findRun } from '../find-run.ts';
import { printJson } from '../output.ts';
import { addPresetOptions, modelOfPreset, type PresetOptions, usualPreset } from '../preset-option.ts';
import { readConfigFile } from '../read-config-file.ts';
import { addImportCommand } from './source.ts';

interface SummaryOptions extends PresetOptions {
  config?: string;
  input?: string;
  output?: string;
  batch?: string;
  run?: string;
  project?: string;
  columns: string;
  json?: boolean;
}

interface Network {
  model: ModelSpec;
  input: InputSpec;
  batchSize: number;
  task?: TaskSpec;
}

const DEFAULT_BATCH = 64;

export function addModelCommands(program: Command): void {
  const model = program.command('model').description('networks');
  addImportCommand(model);
  const summary = model.command('summary');
  addPresetOptions(summary)
    .description('shapes, parameters, mult-adds and memory of every layer, as torchinfo prints them; needs no server')
    .option(
      '--config <file>',
      'a configuration as JSON, or part of it; without a model name a preset too; - reads standard input',
    )
    .option('--input <shape>', 'what one item is: 96x96x1 (height x width x channels), or the number of features')
    .option('--output <n>', 'classes or targets; a preset needs it, with --config it checks the last layer')
    .option('--batch <n>', `items a batch; default: the configuration's, else ${DEFAULT_BATCH}`)
    .option('--run <run>', 'the model of a run on the server instead, by id, name or number')
    .option('--project <project>', 'name or id; for --run where you may see several')
    .option('--columns <names>', "torchinfo's names, in this order", 'output_size,num_params,mult_adds,trainable')
    .option('--json', 'print JSON for machines')
    .addHelpText('after', `\nColumns: ${SUMMARY_COLUMNS.join(', ')}`)
    .action(printSummary);
}

async function printSummary(options: SummaryOptions): Promise<void> {
  const columns = columnsOf(options.columns);
  const batch = options.batch === undefined ? undefined : whole('--batch', options.batch);
  const network = options.run === undefined ? await localNetwork(options) : await networkOfRun(options.run, options);
  const { model, input, task } = network;
  const batchSize = batch ?? network.batchSize;
  if (options.json) printJson(summarise(model, input, batchSize, task));
  else process.stdout.write(`${summaryText(planModel(model, input, task), batchSize, columns)}\n`);
}

async function localNetwork(options: SummaryOptions): Promise<Network> {
  if (options.config === undefined && options.preset === undefined)
    throw new AppError('bad_request', 'Say which model: --config run.json, --preset small_cnn, or --run 12.');
  if (options.input === undefined)
    throw new AppError('bad_request', 'Say what one item is: --input 28x28x1 for images, --input 4 for numbers.');
  const input = inputOption(options.input);
  const task = options.output === undefined ? undefined : taskOf(whole('--output', options.output));
  const file = options.config === undefined ? {} : (await readConfigFile(options.config)).config;
  const model = file.model ?? modelFrom(options, input, task);
  return { model, input, batchSize: file.batchSize ?? DEFAULT_BATCH, ...(task && { task }) };
}

/** The server says what one item looks like; the table itself is computed here, so that --batch may differ. */
async function networkOfRun(wanted: string, options: SummaryOptions): Promise<Network> {
  const local = (['config', 'preset', 'width', 'depth', 'input', 'output'] as const).find(
    (name) => options[name] !== undefined,
  );
  if (local) throw new AppError('bad_request', `--run brings its own model and data: leave --${local} out.`);
  const client = new Client(await loadCredentials());
  const { id, config } = await findRun(client, wanted, options.project);
  const { rows } = await client.get(`/runs/${id}/layers`, layersSchema);
  const shape = rows[0]!.output;
  const [channels, height, width] = shape;
  const input = inputSchema.parse(
    shape.length === 3 ? { kind: 'image', height, width, channels } : { kind: 'vector', features: shape[0] },
  );
  return { model: config.model, input, batchSize: config.batchSize };
}

function modelFrom(options: SummaryOptions, input: InputSpec, task: TaskSpec | undefined): ModelSpec {
  if (options.preset === undefined) {
    const output = task ? '' : ' and --output, the number of classes or targets';
    const preset = `--preset ${usualPreset(input, task ?? taskOf(1))}${output}`;
    throw new AppError('bad_request', `The configuration has no model: add "model", or say ${preset}.`);
  }
  if (!task) throw new AppError('bad_request', 'Say how many classes or targets the preset answers with: --output 10.');
  return modelOfPreset(options, input, task);
}

/** Only how many numbers the model answers with matters to shapes. */
function taskOf(targets: number): TaskSpec {
  return { kind: 'regression', targets, offset: Array(targets).fill(0), scale: Array(targets).fill(1), unit: '' };
}

function inputOption(text: string): InputSpec {
  const image = /^(\d+)x(\d+)x(\d+)$/.exec(text);
  const parsed = inputSchema.safeParse(
    image
      ? { kind: 'image', height: Number(image[1]), width: Number(image[2]), channels: Number(image[3]) }
      : { kind: 'vector', features: /^\d+$/.test(text) ? Number(text) : Number.NaN },
  );
  if (parsed.success) return parsed.data;
  throw new AppError(
    'bad_request',
    `--input ${text} must be height x width x channels such as 96x96x1, with 1, 3 or 4 channels and sides up to 65536, or a number of features up to 65536.`,
  );
}

function whole(option: string, text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 65_536) return value;
  throw new AppError('bad_request', `${option} ${text} must be a whole number from 1 to 65536.`);
}

function columnsOf(text: string): SummaryColumn[] {
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !SUMMARY_COLUMNS.includes(name as SummaryColumn));
  if (wrong === undefined) return names as SummaryColumn[];
  throw new AppError('bad_request', `There is no column "${wrong}". There are: ${SUMMARY_COLUMNS.join(', ')}.`);
}
