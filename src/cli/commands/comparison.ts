import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import {
  type ComparisonWire,
  comparisonSchema,
  comparisonSummarySchema,
  diagnosisSchema,
  pageOf,
  startedSchema,
} from '#core/api/schemas.ts';
import { plain, signed, signedRange, type Verdict } from '#core/comparison/measures.ts';
import { AppError } from '#core/errors.ts';
import { CHANGES } from '#core/remedies/changes.ts';
import { isOver } from '#core/run/lifecycle.ts';
import type { Client } from '../client.ts';
import { serverCommand } from '../command.ts';
import { findProject, PROJECT_OPTION } from '../find-project.ts';
import { findRun } from '../find-run.ts';
import { findSource } from '../find-source.ts';
import { metric, printFields, printJson, printTable, say, shellQuoted } from '../output.ts';
import { ProgressLine } from '../progress.ts';
import { retrying } from '../retrying.ts';

const POLL_MS = 1_000;

const READINGS: Record<Verdict, string> = {
  better: 'better',
  worse: 'worse',
  noise: 'noise',
  unknown: 'one seed',
  none: 'says nothing',
  same: 'never acted',
};

interface Options {
  project?: string;
  seeds?: string;
  source?: string;
  follow?: boolean;
}

/** What a run's curves show, what to try, and what came of it. */
export function addComparisonCommands(run: Command): void {
  serverCommand<Options>(
    run,
    'diagnose <run>',
    "what a run's learning curves show, and what to try first",
    (command) => command.option(...PROJECT_OPTION),
    async ({ client, json }, options, wanted) => {
      const { id } = await findRun(client, wanted!, options.project);
      const diagnosis = await client.get(`/runs/${id}/diagnosis`, diagnosisSchema);
      if (json) return printJson(diagnosis);
      process.stdout.write(`${diagnosis.title}\n${diagnosis.sentences}\n`);
      const at = options.project === undefined ? '' : ` --project ${shellQuoted(options.project)}`;
      for (const { name, change, why } of diagnosis.remedies) {
        const command = `holdout run remedy ${shellQuoted(wanted!)} ${change} --seeds 3${at}`;
        process.stdout.write(`\n${name}: ${why}\n  ${command}\n`);
      }
    },
  );
  serverCommand<Options>(
    run,
    'remedy <run> <remedy>',
    'copy a run with one change, train both over the same seeds, and compare',
    (command) =>
      command
        .option(...PROJECT_OPTION)
        .option('--seeds <n>', 'seeds on each side: 1, 3 or 5', '3')
        .option(
          '--source <source>',
          'what transfer starts from: a run or model by id, name or number; default: what has the run’s own layers, uploads first, then the run with the best score',
        )
        .option('--follow', 'wait until all have ended')
        .addHelpText('after', `\nRemedies: ${CHANGES.map(({ id }) => id).join(', ')}`),
    async ({ client, json }, options, wanted, remedy) => {
      if (!CHANGES.some((change) => change.id === remedy))
        throw new AppError(
          'bad_request',
          `There is no remedy "${remedy}". There are: ${CHANGES.map((change) => change.id).join(', ')}.`,
        );
      const seeds = seedsOf(options);
      const found = await findRun(client, wanted!, options.project);
      const source = options.source === undefined ? undefined : await findSource(client, options.source, found);
      const started = await client.post(`/runs/${found.id}/remedies`, startedSchema, { remedy, seeds, source });
      await show(client, started, options, json);
    },
  );
  serverCommand<Options>(
    run,
    'ladder <run>',
    "train a run's model at five widths, and compare",
    (command) =>
      command
        .option(...PROJECT_OPTION)
        .option('--seeds <n>', 'seeds at each width: 1, 3 or 5', '1')
        .option('--follow', 'wait until all have ended'),
    async ({ client, json }, options, wanted) => {
      const { id } = await findRun(client, wanted!, options.project);
      const started = await client.post(`/runs/${id}/ladder`, startedSchema, { seeds: seedsOf(options) });
      await show(client, started, options, json);
    },
  );
  serverCommand<Options>(
    run,
    'compared [comparison]',
    'what was compared in a project, or one comparison by its id',
    (command) => command.option(...PROJECT_OPTION),
    async ({ client, json }, options, wanted) => {
      if (wanted) {
        const one = await client.get(`/comparisons/${wanted}`, comparisonSchema);
        return json ? printJson(one) : printComparison(one);
      }
      const { id } = await findProject(client, options.project);
      const all = await client.all(`/projects/${id}/comparisons`, pageOf(comparisonSummarySchema));
      if (json) return printJson(all);
      const rows = all.map((one) => [
        one.title,
        one.base?.name ?? 'deleted',
        `${one.done} of ${one.runs}`,
        one.verdict ?? (one.diverged > 0 ? `${one.diverged} not a number` : ''),
        one.id,
      ]);
      printTable(['change', 'run', 'done', 'reading', 'id'], rows, 'Nothing was compared yet.');
    },
  );
}

function seedsOf({ seeds }: Options): number {
  const n = Number(seeds);
  if (![1, 3, 5].includes(n)) throw new AppError('bad_request', `--seeds ${seeds} can't be. Take 1, 3 or 5.`);
  return n;
}

async function show(
  client: Client,
  { id, launched }: { id: string; launched: { name: string }[] },
  { follow }: Options,
  json: boolean,
): Promise<void> {
  const read = () => client.get(`/comparisons/${id}`, comparisonSchema);
  let now = await read();
  if (!json) {
    const many = launched.length === 1 ? '1 run' : `${launched.length} runs`;
    say(
      launched.length === 0
        ? 'Every run of it is there already.'
        : `Launched ${many}: ${launched.map((r) => r.name).join(', ')}`,
    );
  }
  if (follow) {
    const progress = json ? null : new ProgressLine();
    while (now.done < now.runs.length) {
      const epochs = now.runs.reduce((sum, run) => sum + run.epochs, 0);
      const past = now.runs.reduce((sum, run) => sum + (isOver(run.state) ? run.epochs : run.epoch), 0);
      progress?.update(now.title, past / Math.max(1, epochs), `${now.done} of ${now.runs.length} runs done`);
      await wait(POLL_MS);
      now = await retrying(read);
    }
    progress?.clear();
  }
  if (json) printJson(now);
  else printComparison(now);
}

function printComparison(one: ComparisonWire): void {
  printFields({
    comparison: one.id,
    change: one.title,
    run: one.base ? `${one.base.name} (number ${one.base.number})` : 'deleted',
    ...(one.kind === 'remedy' && { otherwise: one.otherwise }),
    runs: `${one.done} of ${one.runs.length} done`,
  });
  process.stdout.write(`\n${one.sentence}\n${one.caution ? `${one.caution}\n` : ''}\n`);
  if (one.cut > 0) process.stdout.write(`Not counted, as they were cut short: ${one.cut} of the runs.\n\n`);
  if (one.kind === 'ladder') {
    const rows = one.rungs.map(({ factor, parameters, end, kept }) => [
      `x ${factor}`,
      parameters,
      end ? metric(end.train.mean) : null,
      end ? metric(end.validation.mean) : null,
      kept ? metric(kept.validation.mean) : null,
    ]);
    printTable(['width', 'parameters', 'train loss', 'validation loss', 'kept weights'], rows, '');
    return;
  }
  const rows = one.measures.map(({ id, label, about, base, changed, mean, interval, verdict }) => [
    `${label}, ${about}`,
    plain(one.lead, id, base.mean),
    plain(one.lead, id, changed.mean),
    signed(one.lead, id, mean),
    interval ? signedRange(one.lead, id, interval) : null,
    READINGS[verdict],
  ]);
  if (rows.length > 0)
    printTable(['mean over seeds', 'as it was', 'changed', 'change', '95 % interval', 'reading'], rows, '');
}
