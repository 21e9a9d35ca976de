import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { seriesListSchema, seriesNamesSchema } from '#core/api/schemas.ts';
import type { Client, Query } from '../client.ts';
import { serverCommand } from '../command.ts';
import { PROJECT_OPTION } from '../find-project.ts';
import { findRun } from '../find-run.ts';
import { printJson, say } from '../output.ts';

const LINE_FEED = 10;

interface ExportOptions {
  project?: string;
  name?: string;
  csv?: boolean;
  out?: string;
}

export function addSeriesCommands(program: Command): void {
  const series = program.command('series').description('the metrics of a run over time');
  serverCommand<{ project?: string }>(
    series,
    'list <run>',
    'the names of its series',
    (command) => command.option(...PROJECT_OPTION),
    async ({ client, json }, options, wanted) => {
      const { id } = await findRun(client, wanted, options.project);
      const { items } = await client.get(`/runs/${id}/series-names`, seriesNamesSchema);
      if (json) return printJson(items);
      for (const name of items) process.stdout.write(`${name}\n`);
    },
  );
  serverCommand<ExportOptions>(
    series,
    'export <run>',
    'its points as CSV (name, step, time, value) or, with --json, as JSON',
    (command) =>
      command
        .option(...PROJECT_OPTION)
        .option('--name <names>', 'only these, such as loss/train,loss/validation')
        .option('--csv', 'as CSV, which is the default')
        .option('-o, --out <file>', 'into a file instead of standard output'),
    async ({ client, json }, options, wanted) => {
      const { id } = await findRun(client, wanted, options.project);
      const names = options.name?.split(',') ?? (await client.get(`/runs/${id}/series-names`, seriesNamesSchema)).items;
      if (names.length === 0) return say('This run has logged no points yet.');
      const parts = inParts(names).map((part) => ({ name: part.join(',') }));
      if (json) {
        const found = [];
        for (const part of parts) found.push(...(await client.get(`/runs/${id}/series`, seriesListSchema, part)).items);
        return printJson(found);
      }
      const csv = csvOf(client, `/runs/${id}/series`, parts);
      if (options.out === undefined) await pipeline(csv, process.stdout, { end: false });
      else await pipeline(csv, createWriteStream(options.out));
    },
  );
}

/** The server answers up to 50 series at once. */
function inParts(names: string[]): string[][] {
  return Array.from({ length: Math.ceil(names.length / 50) }, (_, i) => names.slice(i * 50, (i + 1) * 50));
}

/** One table of several answers: only the first keeps its head. */
async function* csvOf(client: Client, url: string, parts: Query[]): AsyncGenerator<Uint8Array> {
  for (const [i, part] of parts.entries()) {
    const { body } = await client.request('GET', url, { query: { ...part, format: 'csv' } });
    let skip = i > 0;
    for await (const chunk of body ?? []) {
      yield skip ? chunk.subarray(chunk.indexOf(LINE_FEED) + 1) : chunk;
      skip = false;
    }
  }
}
