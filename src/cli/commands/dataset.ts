import { setTimeout as wait } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { type DatasetWire, datasetIdSchema, datasetWireSchema, pageOf } from '#core/api/schemas.ts';
import { type DatasetKind, KINDS } from '#core/data/dataset-schema.ts';
import { proposedDecision } from '#core/data/decision.ts';
import type { Report } from '#core/data/report.ts';
import { AppError } from '#core/errors.ts';
import type { Client } from '../client.ts';
import { serverCommand } from '../command.ts';
import { EXIT_INTERRUPTED } from '../exit-codes.ts';
import { findProject, PROJECT_OPTION } from '../find-project.ts';
import { fileSize, printFields, printJson, printTable, say } from '../output.ts';
import { ProgressLine } from '../progress.ts';
import { retrying } from '../retrying.ts';
import { uploadFile } from '../upload-file.ts';

interface Choice {
  kind?: DatasetKind;
  target?: string;
  drop?: boolean;
}

const withProject = (command: Command) => command.option(...PROJECT_OPTION);
const withChoice = (command: Command) =>
  command
    .addOption(new Option('--kind <kind>', 'what it is; default: what is recognised').choices(KINDS))
    .option('--target <column>', 'column to predict, for tables; default: what is recognised')
    .option('--drop', 'leave out what cannot be used (each place is listed) instead of refusing the file');

export function addDatasetCommands(program: Command): void {
  const dataset = program.command('dataset').description('data sets: uploaded, split and sealed');
  serverCommand<Choice & { project?: string; name?: string }>(
    dataset,
    'upload <file>',
    'upload a zip or CSV file, and wait until its test part is sealed. The same command again goes on with a broken upload',
    (command) => withChoice(withProject(command)).option('--name <name>', 'default: the name of the file'),
    async ({ client, json }, options, file) => {
      const { id, name } = await findProject(client, options.project);
      const progress = json ? null : new ProgressLine();
      const datasetId = await uploadFile(client, file, { projectId: id, name: options.name }, (sent, total) =>
        progress?.update('Uploading', total === 0 ? 1 : sent / total, `${fileSize(sent)} of ${fileSize(total)}`),
      );
      progress?.clear();
      if (!json) say(`Uploaded to "${name}" as data set ${datasetId}.`);
      await confirmAndWait(client, datasetId, options, json);
    },
  );
  serverCommand<Choice>(
    dataset,
    'confirm <id>',
    'accept what was recognised, or say what it is, and wait until it is sealed',
    withChoice,
    ({ client, json }, options, id) => confirmAndWait(client, id, options, json),
  );
  serverCommand(
    dataset,
    'cancel <id>',
    'give up a data set that is not sealed yet',
    (command) => command,
    async ({ client, json }, _options, id) => {
      await client.post(`/datasets/${id}/cancel`, datasetIdSchema);
      const cancelled = await client.get(`/datasets/${id}`, datasetWireSchema);
      if (json) return printJson(cancelled);
      say(`${cancelled.name} is ${cancelled.state}; nothing of it is kept.`);
    },
  );
  serverCommand<{ project?: string }>(
    dataset,
    'list',
    'the data sets of a project',
    withProject,
    async ({ client, json }, options) => {
      const { id } = await findProject(client, options.project);
      const datasets = await client.all(`/projects/${id}/datasets`, pageOf(datasetWireSchema));
      if (json) return printJson(datasets);
      const rows = datasets.map((each) => [each.name, each.state, fileSize(each.bytes), itemsOf(each), each.id]);
      printTable(['name', 'state', 'size', 'train/validation/test', 'id'], rows, 'No data sets yet.');
    },
  );
  serverCommand(
    dataset,
    'show <id>',
    'one data set',
    (command) => command,
    async ({ client, json }, _options, id) => {
      const shown = await client.get(`/datasets/${id}`, datasetWireSchema);
      if (json) return printJson(shown);
      printDataset(shown);
    },
  );
}

/** Waits for the review, decides, waits for the seal. Ctrl-C leaves the data set where it stands. */
async function confirmAndWait(client: Client, id: string, choice: Choice, json: boolean): Promise<void> {
  const progress = json ? null : new ProgressLine();
  const interrupt = () => {
    progress?.clear();
    say(`\nThe server goes on with it. See how far it is: holdout dataset show ${id}`);
    process.exit(EXIT_INTERRUPTED);
  };
  process.once('SIGINT', interrupt);
  const stages = new StageLines(progress);
  let confirmed = false;
  try {
    while (true) {
      const now = await retrying(() => client.get(`/datasets/${id}`, datasetWireSchema));
      stages.show(now);
      if (now.state === 'review' && !confirmed) {
        await decide(client, now, choice);
        confirmed = true;
      } else if (now.state === 'sealed') {
        progress?.clear();
        if (json) return printJson(now);
        return printDataset(now);
      } else if (now.state === 'failed' || now.state === 'cancelled') {
        throw new AppError('invalid_data', now.error ?? `The data set is ${now.state}.`);
      }
      await wait(300);
    }
  } finally {
    progress?.clear();
    process.off('SIGINT', interrupt);
  }
}

async function decide(client: Client, dataset: DatasetWire, choice: Choice): Promise<void> {
  const path = `/datasets/${dataset.id}/confirm`;
  try {
    if (choice.kind === undefined && choice.target === undefined) {
      await client.post(path, datasetIdSchema, { automatic: true, drop: choice.drop ?? false });
      return;
    }
    const decision = proposedDecision(dataset.report as Report, choice.kind);
    const target = choice.target === undefined ? {} : { target: choice.target };
    await client.post(path, datasetIdSchema, { ...decision, ...target, drop: choice.drop ?? false });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid_data') throw error;
    const ways = `Nothing is split yet. Then: holdout dataset confirm ${dataset.id} --drop, or holdout dataset cancel ${dataset.id}`;
    throw new AppError('invalid_data', `${error.message} ${ways}`, { items: error.items });
  }
}

/** What the running stage says of itself, and a line for each that is done. */
class StageLines {
  readonly #progress: ProgressLine | null;
  readonly #done = new Set<string>();

  constructor(progress: ProgressLine | null) {
    this.#progress = progress;
  }

  show(dataset: DatasetWire): void {
    if (!this.#progress) return;
    const inOrder = Object.entries(dataset.stages).sort(([, a], [, b]) => Date.parse(a) - Date.parse(b));
    for (const [stage] of inOrder) {
      if (!this.#done.has(stage)) this.#progress.print(`  ${stage}`);
      this.#done.add(stage);
    }
    const { stage, done, total, message } = (dataset.progress ?? {}) as Record<string, string | number | undefined>;
    const fraction = Number(total) > 0 ? Number(done) / Number(total) : null;
    this.#progress.update(String(stage ?? dataset.state), fraction, message === undefined ? '' : String(message));
  }
}

function itemsOf({ items }: DatasetWire): string | null {
  return items && `${items.train}/${items.validation}/${items.test}`;
}

function printDataset(dataset: DatasetWire): void {
  printFields({
    'data set': dataset.name,
    id: dataset.id,
    state: dataset.state,
    kind: dataset.schema?.kind,
    'train/validation/test': itemsOf(dataset),
    split: dataset.splitDigest && `sha256 ${dataset.splitDigest}`,
    error: dataset.error,
  });
}
