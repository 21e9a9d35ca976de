import { setTimeout as wait } from 'node:timers/promises';
import { type Run, runSchema, seriesListSchema, seriesNamesSchema } from '#core/api/schemas.ts';
import type { Client } from './client.ts';
import { EXIT_ENDED_BADLY, EXIT_INTERRUPTED } from './exit-codes.ts';
import { metric, printJson, say } from './output.ts';
import { ProgressLine } from './progress.ts';
import { retrying } from './retrying.ts';

const POLL_MS = 500;

/**
 * Shows a run until it ends: one line an epoch, and a bar below. Ctrl-C ends the watching, never the run.
 * Afterwards the exit code says how the run ended.
 */
export async function followRun(client: Client, run: Run, json: boolean): Promise<void> {
  const progress = json ? null : new ProgressLine();
  const epochs = new EpochLines(client, run.id);
  const interrupt = () => {
    progress?.clear();
    say(
      `\n${run.name} goes on. Watch it again: holdout run show ${run.id} --follow. Stop it: holdout run stop ${run.id}`,
    );
    process.exit(EXIT_INTERRUPTED);
  };
  process.once('SIGINT', interrupt);
  try {
    let now = run;
    while (true) {
      now = await retrying(() => client.get(`/runs/${run.id}`, runSchema));
      if (progress) for (const line of await retrying(() => epochs.next(now))) progress.print(line);
      if (now.endedAt !== null) break;
      progress?.update(now.name, now.totalSteps > 0 ? now.step / now.totalSteps : 0, stateOf(now));
      await wait(POLL_MS);
    }
    progress?.clear();
    if (json) printJson(now);
    else say(endOf(now));
    if (now.state === 'failed') process.exitCode = EXIT_ENDED_BADLY;
  } finally {
    process.off('SIGINT', interrupt);
  }
}

function stateOf(run: Run): string {
  if (run.state === 'queued')
    return run.queuePosition ? `waits, ${run.queuePosition} before it` : 'waits for a trainer';
  if (run.interrupted) return 'its trainer was lost; goes on from its checkpoint once another takes it over';
  const speed = run.itemsPerSecond === null ? '' : `, ${Math.round(run.itemsPerSecond)} items/s`;
  return `epoch ${Math.min(run.epoch + 1, run.config.epochs)} of ${run.config.epochs}${speed}`;
}

function endOf(run: Run): string {
  const best = run.bestEpoch === null ? '' : ` Best: epoch ${run.bestEpoch}, ${metric(run.bestValue)} on validation.`;
  return `${run.name} ${run.state === 'failed' ? 'failed' : `is ${run.state}`}.${run.message ? ` ${run.message}` : ''}${best}`;
}

/** The lines of epochs that ended since the last look. */
class EpochLines {
  readonly #client: Client;
  readonly #runId: string;
  #lastStep = -1;

  constructor(client: Client, runId: string) {
    this.#client = client;
    this.#runId = runId;
  }

  async next(run: Run): Promise<string[]> {
    if (run.step < this.#lastStep + run.stepsPerEpoch) return [];
    const { items: names } = await this.#client.get(`/runs/${this.#runId}/series-names`, seriesNamesSchema);
    const name = names.filter((each) => /\/(train|validation)$/.test(each)).join(',');
    if (name === '') return [];
    const query = { name, by: 'epoch', after: this.#lastStep };
    const { items } = await this.#client.get(`/runs/${this.#runId}/series`, seriesListSchema, query);
    const ends = items.find((series) => series.name === 'loss/validation')?.steps ?? [];
    this.#lastStep = ends.at(-1) ?? this.#lastStep;
    return ends.map((step) => {
      const values = items.flatMap((series) => {
        const at = series.steps.indexOf(step);
        return at < 0 ? [] : [`${series.name} ${metric(series.values[at]).padEnd(8)}`];
      });
      return [`epoch ${String(Math.round(step / run.stepsPerEpoch)).padStart(3)}`, ...values].join('  ').trimEnd();
    });
  }
}
