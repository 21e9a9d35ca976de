import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import {
  certificateWire,
  committedSchema,
  type Final,
  finalSchema,
  keysSchema,
  type Opening,
} from '#core/api/schemas.ts';
import { AppError } from '#core/errors.ts';
import { verifyCertificate } from '#core/seal/certificate.ts';
import { learntElsewhere } from '#core/transfer/lineage.ts';
import { elsewhereWords } from '#core/transfer/words.ts';
import type { Client } from '../client.ts';
import { serverCommand } from '../command.ts';
import { EXIT_ENDED_BADLY, EXIT_INTERRUPTED } from '../exit-codes.ts';
import { findProject, PROJECT_OPTION } from '../find-project.ts';
import { findRun } from '../find-run.ts';
import { metric, printFields, printJson, say } from '../output.ts';
import { ProgressLine } from '../progress.ts';
import { ask } from '../prompt.ts';
import { retrying } from '../retrying.ts';

interface OpenOptions {
  project?: string;
  confirm?: string;
  epoch?: string;
}

export function addFinalCommands(program: Command): void {
  const final = program.command('final').description('the one opening of the test part');
  serverCommand<OpenOptions>(
    final,
    'open <run>',
    'commit the project to a run and open its test part. This happens once',
    (command) =>
      command
        .option(...PROJECT_OPTION)
        .option('--epoch <epoch>', 'weights of another epoch that the run keeps; default: the best one')
        .option('--confirm <name>', "the project's name, instead of typing it when asked"),
    open,
  );
  serverCommand<{ project?: string; certificate?: string; keys?: string }>(
    final,
    'show',
    'where the test part stands, and its result',
    (command) =>
      command
        .option(...PROJECT_OPTION)
        .option('--certificate <file>', 'write the signed certificate into a file')
        .option('--keys <file>', "write the server's public keys into a file"),
    async ({ client, json }, options) => {
      const project = await findProject(client, options.project);
      const shown = await client.get(`/projects/${project.id}/final`, finalSchema);
      if (options.certificate) {
        const certificate = await client.get(`/projects/${project.id}/final/certificate`, certificateWire);
        await writeJson(options.certificate, certificate);
      }
      if (options.keys) await writeJson(options.keys, await client.get('/certificate-keys', keysSchema));
      if (json) return printJson(shown);
      printFinal(shown);
    },
  );
  final
    .command('verify <certificate>')
    .description('check a certificate against public keys, without any server')
    .requiredOption('--keys <file>', "the server's public keys, from: holdout final show --keys keys.json")
    .option('--json', 'print JSON for machines')
    .action(verify);
}

async function open(
  { client, json }: { client: Client; json: boolean },
  options: OpenOptions,
  wanted: string,
): Promise<void> {
  const run = await findRun(client, wanted, options.project);
  const project = await findProject(client, run.projectId);
  const before = await client.get(`/projects/${project.id}/final`, finalSchema);
  refuseOther(before.opening, run);
  let confirm = options.confirm;
  if (confirm === undefined) {
    say(`This opens the test part of "${project.name}": ${before.n ?? 'no'} items, scored once with run ${run.name}.`);
    say('This project can not open it a second time, with this run or another.');
    if (before.earlier.length > 0)
      say(
        `This team has opened the same test part in ${before.earlier.map((one) => one.project.name).join(', ')} before; the certificate will say so.`,
      );
    confirm = await ask(
      `Type the project's name to open it (${project.name}): `,
      'Use --confirm "<name of the project>".',
    );
  }
  const { opening, already } = await client.post(`/projects/${project.id}/final`, committedSchema, {
    runId: run.id,
    confirm,
    ...(options.epoch !== undefined && { epoch: Number(options.epoch) }),
  });
  refuseOther(opening, run);
  if (already && !json) say(`It was committed before, to run ${opening.run.name}. This is that opening.`);
  const shown = await waitForResult(client, project.id, json);
  if (json) return printJson(shown);
  printFinal(shown);
}

/** The same run again is the same opening; another run can't have it any more. */
function refuseOther(opening: Opening | null, run: { id: string; name: string }): void {
  if (!opening || opening.run.id === run.id) return;
  throw new AppError(
    'conflict',
    `The test part was ${opening.state} with run ${opening.run.name}; ${run.name} can't have it any more. See the result: holdout final show`,
  );
}

/** The referee works on, whoever waits. */
async function waitForResult(client: Client, projectId: string, json: boolean): Promise<Final> {
  const progress = json ? null : new ProgressLine();
  const interrupt = () => {
    progress?.clear();
    say('\nThe referee goes on. See the result later: holdout final show');
    process.exit(EXIT_INTERRUPTED);
  };
  process.once('SIGINT', interrupt);
  try {
    while (true) {
      const shown = await retrying(() => client.get(`/projects/${projectId}/final`, finalSchema));
      if (shown.opening?.state === 'opened') return shown;
      progress?.update('The referee scores the committed weights', null, shown.opening?.error ?? '');
      await wait(500);
    }
  } finally {
    process.off('SIGINT', interrupt);
    progress?.clear();
  }
}

function printFinal({ state, n, opening, earlier }: Final): void {
  const before = {
    'opened before': earlier
      .map((one) =>
        one.openedAt
          ? `${one.project.name} (opened ${one.openedAt})`
          : `${one.project.name} (committed ${one.committedAt})`,
      )
      .join('; '),
  };
  if (!opening) {
    const words = state === 'sealed' ? `sealed, ${n} items` : 'there is none: no data set is sealed yet';
    printFields({ 'test part': words, ...before });
    return;
  }
  printFields({
    'test part': `${opening.state}, ${opening.n} items`,
    run: opening.run.name,
    validation: metric(opening.validation),
    ...resultFields(opening),
    'committed by': opening.committedBy,
    opened: opening.openedAt,
    ...before,
  });
}

function resultFields({ result }: Opening): Record<string, string> {
  if (!result) return {};
  const interval = result.interval
    ? ` (95 % interval ${metric(result.interval.low)} to ${metric(result.interval.high)}, ${result.method})`
    : '';
  return {
    [result.metric]: `${metric(result.value)}${interval}`,
    baseline: `${metric(result.baseline.value)} (${result.baseline.description})`,
  };
}

async function verify(file: string, options: { keys: string; json?: boolean }): Promise<void> {
  const keys = keysSchema.safeParse(await readJson(options.keys));
  if (!keys.success)
    throw new AppError(
      'invalid_data',
      `${options.keys} holds no public keys. Get them: holdout final show --keys ${options.keys}`,
    );
  const verdict = await verifyCertificate(await readJson(file), keys.data.keys);
  if (!verdict.valid) process.exitCode = EXIT_ENDED_BADLY;
  if (options.json) return printJson(verdict);
  if (!verdict.valid) return say(`Not genuine. ${verdict.reason}`);
  const { document } = verdict;
  const { lineage = [], overlaps } = document.run;
  const { n } = document.result;
  say('Genuine: signed by this server, and unchanged since.');
  printFields({
    project: document.project.name,
    team: document.team.name,
    course: document.course.name,
    run: document.run.name,
    [document.result.metric]: `${metric(document.result.value)} on ${document.result.n} items`,
    opened: document.openedAt,
    'first weights': elsewhereWords(learntElsewhere(lineage, document.dataset), { ...(overlaps && { overlaps }), n }),
    'opened before': document.earlierOpenings.map((one) => one.project.name).join('; '),
    key: verdict.keyId,
  });
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new AppError('invalid_data', `Can't read ${file} as JSON: ${(error as Error).message}.`);
  }
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`).catch((error: Error) => {
    throw new AppError('bad_request', `Can't write ${file}: ${error.message}.`);
  });
}
