import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { type Preview, previewSchema } from '#core/api/schemas.ts';
import { shareWords } from '#core/augmentation/two-shares.ts';
import { AppError } from '#core/errors.ts';
import { serverCommand } from '../command.ts';
import { findProject, PROJECT_OPTION } from '../find-project.ts';
import { printJson, printTable, say } from '../output.ts';
import { readConfigFile } from '../read-config-file.ts';
import { saveWhole } from '../save-whole.ts';

interface PreviewOptions {
  project?: string;
  config: string;
  dataset?: string;
  step?: string;
  seed?: string;
  out?: string;
}

/** `run preview`. */
export function addPreviewCommand(run: Command): void {
  serverCommand<PreviewOptions>(
    run,
    'preview',
    'sixteen augmented train items with their targets, before a launch',
    (command) =>
      command
        .option(...PROJECT_OPTION)
        .requiredOption('--config <file>', 'as for launch, or {"augmentation": {...}} alone; - reads standard input')
        .option('--dataset <id>', 'default: the newest sealed data set')
        .option('--step <n>', 'as this step would see them, counted from 1', '1')
        .option('--seed <n>', 'default: that of the configuration')
        .option('-o, --out <file>', 'the pictures on one PNG, 4 by 4; - writes it to standard output'),
    async ({ client, json }, options) => {
      const { written: file } = await readConfigFile(options.config);
      const body = {
        config: { ...file, ...(options.seed !== undefined && { seed: whole('seed', options.seed) }) },
        datasetId: options.dataset,
        step: whole('step', options.step),
      };
      const { id } = await findProject(client, options.project);
      const path = `/projects/${id}/augmentation-preview`;
      const { out } = options;
      if (out === '-') {
        const { body: sheet } = await client.request('POST', path, { body, query: { format: 'png' } });
        return pipeline(sheet!, process.stdout, { end: false });
      }
      // One request for all: each draws anew. A table of the terminal shows no picture, so without a sheet none is drawn for it.
      const query = { images: String(json), sheet: String(out !== undefined) };
      const { sheet, ...preview } = await client.post(path, previewSchema, body, query);
      if (out !== undefined) await saveWhole(await pngOf(sheet), out);
      if (json) return printJson(preview);
      for (const note of preview.notes) say(note);
      printPreview(preview);
      if (out !== undefined) say(`Wrote ${out}.`);
    },
  );
}

async function pngOf(sheet: string | undefined): Promise<ReadableStream<Uint8Array>> {
  if (sheet === undefined)
    throw new AppError('unavailable', 'This server draws no sheet. Use the command that belongs to it.');
  return (await fetch(sheet)).body!;
}

function whole(name: string, text: string | undefined): number {
  if (text !== undefined && /^\d{1,10}$/.test(text)) return Number(text);
  throw new AppError('bad_request', `--${name} ${text} must be a whole number, such as 1.`);
}

function printPreview({ items, targets }: Preview): void {
  const classes = items.some((item) => item.classes);
  const blended = items.some((item) => item.blend);
  const head = ['item', 'name', ...(classes ? ['class'] : []), ...(blended ? ['blended with'] : [])];
  const rows = items.map(({ index, name, ...item }) => [
    index,
    name,
    ...(classes ? [shareWords(item.classes ?? []).join(', ')] : []),
    ...(blended ? [item.blend && partnerWords(item.blend, items)] : []),
  ]);
  printTable(head, rows, 'There are no train items.');
  if (!targets) return;
  process.stdout.write('\n');
  const values = targets.map((name, t) => [name, ...targetCells(items.map((item) => item.targets?.[t] ?? null))]);
  printTable(['target of item', ...items.map(({ index }) => String(index).padStart(CELL))], values, '');
}

/** Null where it is less than half a per cent. */
function partnerWords({ share, partner }: { share: number; partner: number }, items: Preview['items']): string | null {
  const percent = Math.round(100 * (1 - share));
  return percent > 0 ? `${percent} % ${items[partner]!.name}` : null;
}

/** Characters of one target, so that the points stand under each other. */
const CELL = 6;

/** One target of all items, with as many decimals for each. */
function targetCells(values: (number | null)[]): string[] {
  const decimals = values.some((value) => Math.abs(value ?? 0) >= 10) ? 1 : 3;
  return values.map((value) => (value === null ? '-' : value.toFixed(decimals)).padStart(CELL));
}
