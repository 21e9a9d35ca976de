import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { type Decision, proposedDecision } from '#core/data/decision.ts';
import type { PackItem } from '#core/data/sealed-report.ts';
import { decodeSafetensors } from '#core/format/safetensors.ts';
import { notify } from '#db/events/events.ts';
import { testDb } from '#db/testing.ts';
import { readReport } from './ingest/workspace.ts';
import { openSealed } from './seal/open-sealed.ts';
import { testReferee, testUpload, untilState } from './testing.ts';
import { zipOf } from './testing-zip.ts';

const db = await testDb();
const referee = await testReferee(db);

const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});
/** The referee as `npm start` runs it. */
function startReferee(): ChildProcess {
  const child = spawn(process.execPath, [path.resolve('src/referee/main.ts')], {
    env: { ...process.env, DATABASE_URL: db.url, HOLDOUT_DATA: referee.dataDir, HOLDOUT_ENGINE: 'wasm' },
    stdio: 'ignore',
  });
  running.add(child);
  return child;
}
async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  running.delete(child);
}
/** Resolves while a stage is under way. */
async function untilStage(id: string, stage: string): Promise<void> {
  for (;;) {
    const changed = new Promise<void>((resolve) => {
      const unsubscribe = referee.events.subscribe({ topics: ['dataset'], id }, () => {
        unsubscribe();
        resolve();
      });
    });
    const { progress } = await db.prisma.dataset.findUniqueOrThrow({ where: { id }, select: { progress: true } });
    if ((progress as { stage?: string } | null)?.stage === stage) return;
    await changed;
  }
}
async function confirm(id: string): Promise<void> {
  const decision: Decision = proposedDecision(await readReport(referee.blobs, id));
  const { projectId } = await db.prisma.dataset.update({ where: { id }, data: { state: 'confirmed', decision } });
  await notify(db.pool, { topic: 'dataset', id, projectId });
}
/** Every file of the data folder, with its bytes. */
async function everything(): Promise<{ name: string; bytes: Buffer }[]> {
  const entries = await readdir(referee.dataDir, { recursive: true, withFileTypes: true });
  const files = entries.filter((e) => e.isFile()).map((e) => path.join(e.parentPath, e.name));
  return Promise.all(files.map(async (name) => ({ name, bytes: await readFile(name) })));
}

it('killed in the middle of inspection and of the split, the referee ends with the same split and leaves nothing half-done', async () => {
  const bytes = await readFile('samples/mnist-5000.zip');
  const id = await testUpload(referee, 'digits.zip', bytes);
  let child = startReferee();
  await untilStage(id, 'checked');
  await kill(child, 'SIGKILL');
  child = startReferee();
  await untilState(referee, id, 'review');
  await confirm(id);
  await untilStage(id, 'split');
  expect(await readdir(path.join(referee.dataDir, 'work'))).toEqual([id]);
  await kill(child, 'SIGKILL');
  child = startReferee();
  const row = await untilState(referee, id, 'sealed', 'failed', 'review');
  expect(row.state).toBe('sealed');
  expect(row.attempts).toBe(2);

  const calm = await testUpload(referee, 'digits.zip', bytes, { automatic: true, drop: false });
  const undisturbed = await untilState(referee, calm, 'sealed');
  expect(row.splitDigest).toBe(undisturbed.splitDigest);
  expect(row.contentDigest).toBe(undisturbed.contentDigest);
  await kill(child, 'SIGTERM');
  const names = (await everything()).map(({ name }) => path.relative(referee.dataDir, name));
  expect(names.filter((name) => !name.startsWith('keys/')).sort()).toEqual(
    [row, undisturbed]
      .flatMap((each) => [
        `blobs/packs/${each.id}/train.safetensors`,
        `blobs/packs/${each.id}/validation.safetensors`,
        `blobs/${each.sealedPart!.blobKey}`,
      ])
      .sort(),
  );
}, 120_000);

describe('after sealing, no test item is left in the clear', () => {
  const numbers = (i: number) => [(Math.sin(i + 1) * 1000).toFixed(9), (Math.cos(i + 1) * 1000).toFixed(9)] as const;

  it('in the data folder or the database', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => [...numbers(i), `word${i % 7}`, i % 3 ? 'yes' : 'no'].join(','));
    // Two rows with the same inputs, so that duplicates are listed too.
    const text = ['a,b,c,label', ...rows, rows[3], rows[11], rows[50]].join('\n');
    const id = await testUpload(referee, 'table.csv', Buffer.from(text), { automatic: true, drop: false });
    const stop = referee.run();
    const row = await untilState(referee, id, 'sealed', 'review', 'failed');
    await stop();
    expect(row.error).toBeNull();
    const opened = await openSealed(referee.blobs, referee.key, row.sealedPart!);
    const { tensors } = decodeSafetensors(await opened.all());
    const test = Buffer.from(tensors.get('items')!.data as Uint8Array)
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as PackItem);
    expect(test).toHaveLength(row.nTest!);

    const files = await everything();
    const train = files.find(({ name }) => name.includes(`packs/${id}/train`))!;
    const [known] = JSON.parse(`[${train.bytes.toString('latin1').match(/\{"name":"line[^\n]*/)![0]}]`) as PackItem[];
    const double = (value: number) => Buffer.from(Float64Array.of(value).buffer);
    // The search itself works: it finds what train holds in the clear.
    expect(train.bytes.includes(String(known!.values![0]))).toBe(true);
    const database = JSON.stringify(await db.prisma.dataset.findUniqueOrThrow({ where: { id } }), (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    for (const item of test) {
      const [a, b] = item.values as [number, number];
      for (const needle of [String(a), String(b), `"${item.name}"`]) {
        expect(database, needle).not.toContain(needle);
        for (const { name, bytes } of files)
          if (name.includes(id)) expect(bytes.includes(needle), `${needle} in ${name}`).toBe(false);
      }
      for (const { name, bytes } of files) {
        expect(bytes.includes(a.toFixed(9)), `${a} in ${name}`).toBe(false);
        expect(bytes.includes(double(a)), `${a} as float64 in ${name}`).toBe(false);
      }
    }
    const { columns } = row.schema as { columns: { name: string; type: string; mean: number }[] };
    const values = (part: 'train' | 'validation') =>
      files
        .find(({ name }) => name.includes(`packs/${id}/${part}`))!
        .bytes.toString('latin1')
        .match(/\{"name":"line[^\n]*/g)!
        .map((line) => (JSON.parse(line) as PackItem).values![0] as number);
    const mean = values('train').reduce((sum, v) => sum + v, 0) / values('train').length;
    expect(columns[0]!.mean).toBeCloseTo(mean, 9);
  });

  it('of images: neither their pixels nor their names', async () => {
    const files = await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        const pixels = randomBytes(28 * 28);
        const data = await sharp(pixels, { raw: { width: 28, height: 28, channels: 1 } })
          .png()
          .toBuffer();
        return { name: `${i % 2 ? 'odd' : 'even'}/picture-${i}.png`, data };
      }),
    );
    const id = await testUpload(referee, 'noise.zip', zipOf(files), { automatic: true, drop: false });
    const stop = referee.run();
    const row = await untilState(referee, id, 'sealed', 'review', 'failed');
    await stop();
    const opened = await openSealed(referee.blobs, referee.key, row.sealedPart!);
    const { tensors } = decodeSafetensors(await opened.all());
    const x = Buffer.from(tensors.get('x')!.data as Uint8Array);
    const left = (await everything()).filter(({ name }) => name.includes(id) || name.includes('work'));
    const lines = Buffer.from(tensors.get('items')!.data as Uint8Array)
      .toString()
      .trim()
      .split('\n');
    expect(lines).toHaveLength(row.nTest!);
    lines.forEach((line, k) => {
      const { name: item } = JSON.parse(line) as PackItem;
      for (const { name, bytes } of left) {
        expect(bytes.includes(x.subarray(k * 784 + 200, k * 784 + 600)), name).toBe(false);
        expect(bytes.includes(item), name).toBe(false);
      }
    });
  });
});

it('once the split is recorded, no number of broken tries gives the sealed part up', async () => {
  const id = await testUpload(referee, 'table.csv', await readFile('samples/iris.csv'));
  const blobKey = `sealed/${id}/test`;
  await referee.blobs.put(blobKey, Buffer.from('ciphertext'));
  await db.prisma.sealedPart.create({
    data: { datasetId: id, blobKey, wrappedKey: Buffer.alloc(40), digest: 'd', n: 23 },
  });
  await db.prisma.dataset.update({
    where: { id },
    data: {
      ...{ state: 'splitting', attempts: 20, leaseBy: 'gone', leaseUntil: new Date(0) },
      decision: { kind: 'tabular-classification', target: 'species', columns: {}, drop: false },
      ...{ schema: {}, contentDigest: 'c', splitDigest: 's', trainKey: 't', validationKey: 'v' },
      ...{ nTrain: 105, nValidation: 22, nTest: 23 },
    },
  });
  const stop = referee.run();
  const row = await untilState(referee, id, 'sealed', 'failed');
  await stop();
  expect(row.state).toBe('sealed');
  expect(await referee.blobs.stat(blobKey)).not.toBeNull();
  expect(await referee.blobs.stat(`uploads/${id}`)).toBeNull();
}, 30_000);
