import type { Command } from 'commander';
import {
  histogramsSchema,
  itemReportWire,
  type NamedItems,
  type Run,
  ratesSchema,
  type Series,
  seriesListSchema,
} from '#core/api/schemas.ts';
import { isCheck, MODE_WORDS } from '#core/run/modes.ts';
import { PHASE_NAMES, PHASES } from '#core/run/phases.ts';
import type { Client } from '../client.ts';
import { serverCommand } from '../command.ts';
import { PROJECT_OPTION } from '../find-project.ts';
import { findRun } from '../find-run.ts';
import { metric, printJson, printTable, say } from '../output.ts';

/** Of the worst items and of the confusions. */
const SHOWN = 10;

/** `run report` and `run histograms`. */
export function addReportCommands(parent: Command): void {
  serverCommand<{ project?: string }>(
    parent,
    'report <run>',
    'what it found: by class or target, worst validation items, where the time went, a suggested rate',
    (command) => command.option(...PROJECT_OPTION),
    async ({ client, json }, options, wanted) => {
      const run = await findRun(client, wanted, options.project);
      const [items, rates, profile] = await Promise.all([
        client.get(`/runs/${run.id}/items`, itemReportWire.nullable()),
        client.get(`/runs/${run.id}/rates`, ratesSchema.nullable()),
        profileOf(client, run),
      ]);
      if (json) return printJson({ run: run.id, mode: run.config.mode, message: run.message, items, rates, profile });
      if (isCheck(run.config)) say(`${MODE_WORDS[run.config.mode].name}: ${rates?.words ?? run.message ?? run.state}`);
      if (items) printItems(items);
      if (profile.length > 0) printProfile(profile);
    },
  );
  serverCommand<{ project?: string; name?: string }>(
    parent,
    'histograms <run>',
    "how its layers' weights and gradients lie over the epochs",
    (command) =>
      command.option(...PROJECT_OPTION).option('--name <names>', 'such as weights/conv1,gradients/conv1; default: all'),
    async ({ client, json }, options, wanted) => {
      const { id } = await findRun(client, wanted, options.project);
      const path = `/runs/${id}/histograms`;
      const name = options.name ?? (await client.get(path, histogramsSchema)).names.slice(0, 50).join(',');
      const { histograms } = await client.get(path, histogramsSchema, name ? { name } : {});
      if (json) return printJson(histograms);
      const rows = histograms.map((h) => [h.name, h.epoch, metric(h.min), metric(h.max), bars(h.counts)]);
      printTable(['name', 'epoch', 'min', 'max', 'from min to max'], rows, 'No histograms yet.');
    },
  );
}

type Profile = { phase: string; seconds: number }[];

/** Seconds of the whole run by phase; empty before its first epoch has ended. */
async function profileOf(client: Client, run: Run): Promise<Profile> {
  const name = PHASES.map((phase) => `profile/${phase}`).join(',');
  const { items } = await client.get(`/runs/${run.id}/series`, seriesListSchema, { name });
  const sum = ({ values }: Series) => values.reduce<number>((total, v) => total + (v ?? 0), 0);
  return items
    .filter((s) => s.values.length > 0)
    .map((s) => ({ phase: s.name.slice('profile/'.length), seconds: sum(s) }));
}

function printProfile(profile: Profile): void {
  const total = profile.reduce((sum, { seconds }) => sum + seconds, 0);
  const rows = profile.map(({ phase, seconds }) => [
    PHASE_NAMES[phase as keyof typeof PHASE_NAMES],
    seconds.toFixed(2),
    ((100 * seconds) / total).toFixed(1),
  ]);
  process.stdout.write('\n');
  printTable(['phase', 'seconds', '%'], rows, '');
}

function printItems(items: NamedItems): void {
  say(`${items.n} validation items, answered by the weights of epoch ${items.epoch}.`);
  if (items.kind === 'regression') {
    const targets = items.targets.map((t) => [t.name, t.items, metric(t.rmse), metric(t.mae), metric(t.bias)]);
    printTable(['target', 'present', 'rmse', 'mae', 'bias'], targets, '');
    process.stdout.write('\n');
    const worst = items.worst.slice(0, SHOWN).map((w) => [w.index, metric(w.rmse)]);
    printTable(['worst item', 'rmse'], worst, '');
    return;
  }
  const name = (c: number) => items.classes[c]!.name;
  const share = (value: number | null) => (value === null ? null : value.toFixed(3));
  const classes = items.classes.map((c) => [
    c.name,
    c.items,
    c.right,
    share(c.precision),
    share(c.recall),
    share(c.f1),
  ]);
  printTable(['class', 'items', 'right', 'precision', 'recall', 'f1'], classes, '');
  const wrong = items.confusion.filter((p) => p.label !== p.answer).sort((a, b) => b.items - a.items);
  process.stdout.write('\n');
  const confusions = wrong.slice(0, SHOWN).map((p) => [name(p.label), name(p.answer), p.items]);
  printTable(['true class', 'answered', 'items'], confusions, 'No item is wrong.');
  process.stdout.write('\n');
  const worst = items.worst.slice(0, SHOWN).map((w) => [w.index, name(w.label), name(w.answer), metric(w.loss)]);
  printTable(['worst item', 'true class', 'answered', 'loss'], worst, '');
}

const BARS = ' ▁▂▃▄▅▆▇█';

/** By the root, so that one sharp peak does not flatten all others. */
function bars(counts: readonly number[]): string {
  const most = Math.sqrt(Math.max(...counts));
  return counts.map((c) => BARS[Math.ceil((Math.sqrt(c) / most) * (BARS.length - 1))]).join('');
}
