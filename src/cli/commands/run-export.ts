import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { checkpointsSchema } from '#core/api/schemas.ts';
import { AppError } from '#core/errors.ts';
import { EXPORT_FORMAT_IDS, EXPORT_FORMATS, type ExportFormat } from '#core/export-formats.ts';
import { keptWords } from '#core/run/kept-checkpoints.ts';
import { serverCommand } from '../command.ts';
import { PROJECT_OPTION } from '../find-project.ts';
import { findRun } from '../find-run.ts';
import { metric, printJson, printTable, say } from '../output.ts';
import { saveWhole } from '../save-whole.ts';

interface ExportOptions {
  project?: string;
  format: string;
  checkpoint: string;
  out?: string;
}

/** `run checkpoints` and `run export`. */
export function addCheckpointCommands(parent: Command): void {
  serverCommand<{ project?: string }>(
    parent,
    'checkpoints <run>',
    'the checkpoints that are kept of a run',
    (command) => command.option(...PROJECT_OPTION),
    async ({ client, json }, options, wanted) => {
      const run = await findRun(client, wanted, options.project);
      const found = await client.get(`/runs/${run.id}/checkpoints`, checkpointsSchema);
      if (json) return printJson(found);
      const names = Object.keys(found.checkpoints[0]?.metrics ?? {}).filter((name) => name.endsWith('/validation'));
      const rows = found.checkpoints.map((each) => [
        each.id,
        keptWords(each.kept, run.config.checkpoints.everyEpochs),
        each.epoch,
        each.step,
        ...names.map((name) => metric(each.metrics[name] ?? null)),
      ]);
      printTable(['checkpoint', 'kept as', 'epoch', 'step', ...names], rows, 'No checkpoints yet.');
    },
  );
  serverCommand<ExportOptions>(
    parent,
    'export <run>',
    'a checkpoint as a file for other software',
    (command) =>
      command
        .option(...PROJECT_OPTION)
        .requiredOption('--format <format>', EXPORT_FORMAT_IDS.join(', '))
        .option('--checkpoint <checkpoint>', 'as "run checkpoints" names it', 'best')
        .option('-o, --out <file>', 'default: named after the run; - writes to standard output'),
    async ({ client, json }, options, wanted) => {
      if (!(options.format in EXPORT_FORMATS))
        throw new AppError(
          'bad_request',
          `There is no format "${options.format}". There are: ${EXPORT_FORMAT_IDS.join(', ')}.`,
        );
      const { id } = await findRun(client, wanted, options.project);
      const { format, checkpoint } = options as ExportOptions & { format: ExportFormat };
      const response = await client.request('GET', `/runs/${id}/checkpoints/${encodeURIComponent(checkpoint)}/export`, {
        query: { format },
      });
      if (options.out === '-') return pipeline(response.body!, process.stdout, { end: false });
      const file = options.out ?? nameIn(response) ?? `model${EXPORT_FORMATS[format].extension}`;
      await saveWhole(response.body!, file);
      if (json) printJson({ file, format, checkpoint });
      else say(`Wrote ${file} (${EXPORT_FORMATS[format].about}).`);
    },
  );
}

function nameIn(response: Response): string | undefined {
  const encoded = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  // A server's name is a name in this folder, never a way out of it.
  return encoded && decodeURIComponent(encoded).replace(/^.*[/\\]/, '');
}
