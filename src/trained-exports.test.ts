import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, expect, test } from 'vitest';
import type { RunConfigInput } from '#core/config/run-config.ts';
import type { ExportFormat } from '#core/export-formats.ts';
import { decodeSafetensors, type SafeTensor } from '#core/format/safetensors.ts';
import { openBlobs } from '#db/blobs/index.ts';
import { claimRun } from '#db/runs/queue.ts';
import { testDb } from '#db/testing.ts';
import { openEngines } from '#engine/testing.ts';
import { exportCheckpoint } from '#server/checkpoints/export-checkpoint.ts';
import { listCheckpoints } from '#server/checkpoints/list-checkpoints.ts';
import { launchRun } from '#server/runs/launch-run.ts';
import { personActor } from '#server/testing.ts';
import { Interruption } from '#trainer/interruption.ts';
import { digitsConfig, digitsProject } from '#trainer/testing.ts';
import { trainRun } from '#trainer/train-run.ts';

/** Exports of runs that were trained in another way than from the seed alone: what leaves is what was measured. */

const db = await testDb();
const folder = await mkdtemp(path.join(tmpdir(), 'holdout-exports-'));
const blobs = openBlobs(folder);
const { project, dataset, user } = await digitsProject(db, blobs);
const [engine] = await openEngines();
const { id: trainerId } = await db.prisma.trainer.create({
  data: { name: 't', host: 'h', pid: 1, device: 'cpu:0', engine: engine!.info.kind },
});
afterAll(async () => {
  await engine!.close();
  await rm(folder, { recursive: true, force: true });
});
const actor = personActor(user.id);
const validation = decodeSafetensors(await blobs.get(dataset.validationKey!)).tensors;

async function train(change: Partial<RunConfigInput>): Promise<string> {
  const { runs } = await launchRun(db, actor, { projectId: project.id, config: digitsConfig(change) });
  const held = (await claimRun(db.pool, trainerId))!;
  const interruption = new Interruption(1_000);
  const openEngine = async () => engine!;
  await trainRun({ pool: db.pool, blobs, held, openEngine, memory: 1e9, interruption, onReady() {}, onLost() {} });
  return runs[0]!.id;
}

async function exported(runId: string, checkpoint: string): Promise<ReadonlyMap<string, SafeTensor>> {
  return decodeSafetensors(await fileOf(runId, checkpoint, 'safetensors')).tensors;
}
async function fileOf(runId: string, checkpoint: string, format: ExportFormat): Promise<Buffer> {
  const asked = { runId, checkpoint, format };
  const { content, bytes } = await exportCheckpoint(db, blobs, actor, asked, new AbortController().signal);
  const file = await buffer(content);
  expect(file.length).toBe(bytes);
  return file;
}

/** Log-loss and accuracy on the validation part, as ONNX Runtime answers with the exported file. */
async function measured(runId: string, checkpoint: string): Promise<{ loss: number; accuracy: number }> {
  const session = await InferenceSession.create(await fileOf(runId, checkpoint, 'onnx'));
  const x = validation.get('x')!;
  const input = new Tensor(
    'float32',
    Float32Array.from(x.data as Uint8Array, (v) => v / 255),
    x.shape,
  );
  const logits = (await session.run({ input })).output!.data as Float32Array;
  const labels = [...(validation.get('y')!.data as Int32Array)];
  const rows = labels.map((label, i) => {
    const row = [...logits.subarray(10 * i, 10 * i + 10)];
    const top = Math.max(...row);
    const sum = row.reduce((all, logit) => all + Math.exp(logit - top), 0);
    return { loss: Math.log(sum) + top - row[label]!, right: row[label] === top };
  });
  const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
  return { loss: mean(rows.map((row) => row.loss)), accuracy: mean(rows.map((row) => Number(row.right))) };
}

/** Every checkpoint of the run answers on the validation part as it was measured when it was kept. */
async function expectAsMeasured(runId: string): Promise<void> {
  const { checkpoints } = await listCheckpoints(db, actor, runId);
  expect(checkpoints.map(({ id }) => id)).toEqual(expect.arrayContaining(['best', 'last']));
  for (const { id, metrics } of checkpoints) {
    const { loss, accuracy } = await measured(runId, id);
    expect(loss, id).toBeCloseTo(metrics['loss/validation']!, 4);
    expect(accuracy, id).toBeCloseTo(metrics['accuracy/validation']!, 6);
  }
}

const kept = { keepBest: 2, everyEpochs: 1 };
const source = await train({ epochs: 2, ema: { decay: 0.98 }, checkpoints: kept });

test('averaged weights leave as what predicts, not as what the optimiser goes on with', async () => {
  await expectAsMeasured(source);
  const { weightsKey } = await db.prisma.checkpoint.findFirstOrThrow({ where: { runId: source, kind: 'last' } });
  const stored = decodeSafetensors(await blobs.get(weightsKey)).tensors;
  const last = await exported(source, 'last');
  expect([...last.keys()].filter((name) => name.startsWith('ema/'))).toEqual([]);
  for (const [name, tensor] of last) {
    expect(tensor).toEqual(stored.get(`ema/${name}`));
    expect(tensor).not.toEqual(stored.get(name));
  }
});

const taken = { source: { run: source }, cutAfter: 'dense_1' };

test('frozen layers leave as the source’s to the bit, beside a head of their own', async () => {
  const run = await train({ epochs: 1, startFrom: { ...taken, freezeUpTo: 'dense_1' }, checkpoints: kept });
  await expectAsMeasured(run);
  const [theirs, mine] = [await exported(source, 'best'), await exported(run, 'best')];
  expect([...mine.keys()]).toEqual([...theirs.keys()]);
  for (const name of mine.keys())
    if (name.startsWith('dense_2')) expect(mine.get(name)).not.toEqual(theirs.get(name));
    else expect(mine.get(name)).toEqual(theirs.get(name));
});

test('a run that went on from another’s weights, averaged and unfrozen half-way, leaves as it was measured', async () => {
  const startFrom = { ...taken, freezeUpTo: 'flatten_1', secondStage: { epoch: 1, learningRate: 1e-3 } };
  const run = await train({ epochs: 2, ema: { decay: 0.9 }, startFrom, checkpoints: kept });
  await expectAsMeasured(run);
  const [theirs, mine] = [await exported(source, 'best'), await exported(run, 'last')];
  expect(mine.get('conv2d_1/kernel')).not.toEqual(theirs.get('conv2d_1/kernel'));
});
