import type { Command } from 'commander';
import {
  datasetWireSchema,
  launchedSchema,
  pageOf,
  type Run,
  runSchema,
  runSummarySchema,
  stoppedSchema,
} from '#core/api/schemas.ts';
import { defaultConfig } from '#core/config/presets.ts';
import { RUN_MODES } from '#core/config/run-config.ts';
import { inputOf, taskOf } from '#core/data/dataset-schema.ts';
import { AppError } from '#core/errors.ts';
import { lineageWords } from '#core/transfer/words.ts';
import type { Client } from '../client.ts';
import { serverCommand } from '../command.ts';
import { findProject, PROJECT_OPTION } from '../find-project.ts';
import { findRun } from '../find-run.ts';
import { followRun } from '../follow-run.ts';
import { metric, printFields, printJson, printTable, say } from '../output.ts';
import { addPresetOptions, modelOfPreset, type PresetOptions } from '../preset-option.ts';
import { readConfigFile } from '../read-config-file.ts';
import { addComparisonCommands } from './comparison.ts';
import { addCheckpointCommands } from './run-export.ts';
import { addPreviewCommand } from './run-preview.ts';
import { addReportCommands } from './run-report.ts';
import { addSourceCommands } from './source.ts';

interface LaunchOptions extends PresetOptions {
  project?: string;
  config?: string;
  dataset?: string;
  mode?: string;
  name?: string;
  follow?: boolean;
}

export function addRunCommands(program: Command): void {
  const run = program.command('run').description('trainings');
  addComparisonCommands(run);
  addSourceCommands(run);
  serverCommand<LaunchOptions>(
    run,
    'launch',
    'start a training',
    (command) =>
      addPresetOptions(
        command
          .option(...PROJECT_OPTION)
          .option('--config <file>', 'the configuration as the launch page shows it, as JSON; - reads standard input'),
      )
        .option('--dataset <id>', 'default: the newest sealed data set')
        .option('--mode <mode>', `a check before a training: ${RUN_MODES.slice(1).join(', ')}`)
        .option('--name <name>', 'name of the run')
        .option('--follow', 'show progress and metrics until it ends'),
    launch,
  );
  addPreviewCommand(run);
  serverCommand<{ project?: string }>(
    run,
    'list',
    'the runs of a project, newest first',
    (command) => command.option(...PROJECT_OPTION),
    async ({ client, json }, options) => {
      const { id } = await findProject(client, options.project);
      const runs = await client.all(`/projects/${id}/runs`, pageOf(runSummarySchema));
      if (json) return printJson(runs);
      const rows = runs.map((each) => [
        each.number,
        each.name,
        each.state,
        each.epoch,
        each.bestValue === null ? null : metric(each.bestValue),
        each.bestEpoch,
        each.id,
      ]);
      printTable(['no.', 'name', 'state', 'epoch', 'best', 'at epoch', 'id'], rows, 'No runs yet.');
    },
  );
  serverCommand<{ project?: string; follow?: boolean }>(
    run,
    'show <run>',
    'one run, by id, name or number',
    (command) => command.option(...PROJECT_OPTION).option('--follow', 'show progress and metrics until it ends'),
    async ({ client, json }, options, wanted) => {
      const found = await findRun(client, wanted, options.project);
      if (options.follow) return followRun(client, found, json);
      if (json) return printJson(found);
      printRun(found);
    },
  );
  serverCommand<{ project?: string }>(
    run,
    'stop <run>',
    'stop a training; its best weights are kept',
    (command) => command.option(...PROJECT_OPTION),
    async ({ client, json }, options, wanted) => {
      const { id } = await findRun(client, wanted, options.project);
      await client.post(`/runs/${id}/stop`, stoppedSchema);
      const run = await client.get(`/runs/${id}`, runSchema);
      if (json) return printJson(run);
      say(
        run.endedAt === null
          ? `${run.name} is asked to stop. Its best weights are kept.`
          : `${run.name} is ${run.state}.`,
      );
    },
  );
  addCheckpointCommands(run);
  addReportCommands(run);
}

async function launch({ client, json }: { client: Client; json: boolean }, options: LaunchOptions): Promise<void> {
  if (!options.config && !options.preset) {
    throw new AppError('bad_request', 'Say what to train: --config run.json, --preset small_cnn, or both.');
  }
  const { id } = await findProject(client, options.project);
  const whole = options.preset === undefined;
  const file = options.config === undefined ? {} : (await readConfigFile(options.config, { whole })).written;
  const base = options.preset === undefined ? {} : await presetConfig(client, id, options);
  const body = {
    config: { ...base, ...file, ...(options.mode && { mode: options.mode }) },
    datasetId: options.dataset,
    name: options.name,
  };
  const { runs } = await client.post(`/projects/${id}/runs`, launchedSchema, body);
  const run = await client.get(`/runs/${runs[0]!.id}`, runSchema);
  if (!json) say(`Launched ${run.name}: ${client.url}/p/${id}/runs/${run.id}`);
  if (options.follow) return followRun(client, run, json);
  if (json) printJson(run);
  else printRun(run);
}

/** The preset's model and what goes with the data set; what the configuration file says comes on top. */
async function presetConfig(client: Client, projectId: string, options: LaunchOptions): Promise<object> {
  const datasets = await client.all(`/projects/${projectId}/datasets`, pageOf(datasetWireSchema));
  const dataset = datasets.find(({ id, state }) => (options.dataset ? id === options.dataset : state === 'sealed'));
  if (!dataset?.schema || !dataset.items) {
    throw new AppError(
      'conflict',
      'There is no sealed data set to train on. Upload one: holdout dataset upload <file>',
    );
  }
  const [input, task] = [inputOf(dataset.schema), taskOf(dataset.schema)];
  return { ...defaultConfig(input, task, dataset.items.train), model: modelOfPreset(options, input, task) };
}

function printRun(run: Run): void {
  printFields({
    run: `${run.name} (number ${run.number})`,
    id: run.id,
    state: run.state,
    message: run.message,
    queue: run.queuePosition === null ? null : run.queuePosition === 0 ? 'next' : `${run.queuePosition} before it`,
    epoch: `${run.epoch} of ${run.config.epochs}`,
    parameters: run.parameters,
    'weights from': origin(run),
    best: run.bestEpoch === null ? null : `epoch ${run.bestEpoch}: ${metric(run.bestValue)} on validation`,
    ...Object.fromEntries(Object.entries(run.lastMetrics).map(([name, value]) => [name, metric(value)])),
  });
}

/** Its source, that one's own, and so on. */
function origin({ lineage }: Run): string {
  return lineage
    .map((step) => {
      const { what, taken } = lineageWords(step);
      return `${what}, ${taken}`;
    })
    .join('; and those from ');
}
