import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { Command } from 'commander';
import { seriesListSchema, seriesNamesSchema } from '#core/api/schemas.ts';
import { serverCommand } from '../command.ts';
import { findRun } from '../find-run.ts';
import { printJson, say } from '../output.ts';

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
    (command) => command.option('--project <project>', 'name or id; needed where you may see several'),
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
        .option('--project <project>', 'name or id; needed where you may see several')
        .option('--name <names>', 'only these, such as loss/train,loss/validation')
        .option('--csv', 'as CSV, which is the default')
        .option('-o, --out <file>', 'into a file instead of standard output'),
    async ({ client, json }, options, wanted) => {
      const { id } = await findRun(client, wanted, options.project);
      const name = options.name ?? (await client.get(`/runs/${id}/series-names`, seriesNamesSchema)).items.join(',');
      if (name === '') return say('This run has logged no points yet.');
      if (json) return printJson((await client.get(`/runs/${id}/series`, seriesListSchema, { name })).items);
      const { body } = await client.request('GET', `/runs/${id}/series`, { query: { name, format: 'csv' } });
      const source = Readable.fromWeb(body as ReadableStream);
      if (options.out === undefined) await pipeline(source, process.stdout, { end: false });
      else await pipeline(source, createWriteStream(options.out));
    },
  );
}
