import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { presetsFor } from '#core/config/presets.ts';
import { inputOf, taskOf } from '#core/data/dataset-schema.ts';
import { openDb } from '#db/client.ts';
import { TestServer } from '../e2e/server.ts';
import { TeamApi } from '../e2e/team-api.ts';
import { median, spread } from './support/median.ts';

/**
 * Images/s of the small CNN on the digits, end to end: Holdout as a user runs it (server, trainer, every step logged, validation
 * and checkpoint each epoch) beside PyTorch's DataLoader loop (either layout)
 * and Lightning with its TensorBoard logger on the same packed parts, in turns; medians.
 *
 * npm run bench throughput -- --python /path/to/python (with torch, numpy, lightning and tensorboard)
 */
const { values: options } = parseArgs({
  options: {
    python: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    epochs: { type: 'string', default: '12' },
  },
});
/** How often `holdout run launch --follow` asks. */
const FOLLOW_MS = 500;
const epochs = Number(options.epochs);
const threads = availableParallelism();

const server = await TestServer.start();
try {
  const team = await TeamApi.create(server);
  const projectId = await team.createProject('Digits');
  const dataset = await team.sealed(await team.upload(projectId, 'samples/mnist-5000.zip'));
  const model = presetsFor(inputOf(dataset.schema!), taskOf(dataset.schema!)).find((p) => p.id === 'small_cnn')!.model;
  const parts = await packs(dataset.id);

  const rivals: [string, string, string[]][] = [
    ['PyTorch', 'small_cnn.py', ['0']],
    ['PyTorch channels_last', 'small_cnn.py', ['1']],
    ['Lightning', 'lightning_cnn.py', []],
  ];
  const rates: Record<string, number[]> = Object.fromEntries(
    ['Holdout', ...rivals.map(([name]) => name)].map((name) => [name, []]),
  );
  const accuracies: Record<string, number[]> = structuredClone(rates);
  for (let round = 0; round < Number(options.rounds); round++) {
    const runId = await team.launch(projectId, `round ${round}`, {
      model,
      optimizer: { kind: 'adam' },
      learningRate: 1e-3,
      batchSize: 64,
      epochs,
      seed: round,
    });
    const run = await team.ended(runId, 600_000, FOLLOW_MS);
    if (run.state !== 'finished') throw new Error(`The run is ${run.state}: ${run.message}`);
    const seconds = (new Date(run.endedAt!).getTime() - new Date(run.startedAt!).getTime()) / 1000;
    rates.Holdout!.push((epochs * dataset.items!.train) / seconds);
    accuracies.Holdout!.push(run.bestValue!);
    if (!options.python) continue;
    for (const [name, file, more] of rivals) {
      const script = path.join(import.meta.dirname, 'torch', file);
      const args = [script, parts.train, parts.validation, String(epochs), String(threads), ...more];
      const { stdout } = await promisify(execFile)(options.python, args);
      const result = JSON.parse(stdout) as { imagesPerSecond: number; validationAccuracy: number };
      rates[name]!.push(result.imagesPerSecond);
      accuracies[name]!.push(result.validationAccuracy);
    }
  }
  console.log(
    `small CNN, ${dataset.items!.train} images, batch 64, ${epochs} epochs, ${threads} threads; from start to end of the run`,
  );
  for (const [name, values] of Object.entries(rates)) {
    if (values.length === 0) continue;
    const accuracy = median(accuracies[name]!).toFixed(3);
    console.log(
      `  ${name.padEnd(22)} ${median(values).toFixed(0).padStart(6)} images/s (${spread(values, 0)}); validation accuracy ${accuracy}`,
    );
  }
} finally {
  await server.remove();
}

async function packs(datasetId: string): Promise<{ train: string; validation: string }> {
  const db = openDb(server.databaseUrl, 1);
  try {
    const { trainKey, validationKey } = await db.prisma.dataset.findUniqueOrThrow({ where: { id: datasetId } });
    const at = (key: string) => path.join(server.data, 'blobs', key);
    return { train: at(trainKey!), validation: at(validationKey!) };
  } finally {
    await db.close();
  }
}
