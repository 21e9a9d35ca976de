import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type RunConfig, type RunConfigInput, runConfigSchema } from '#core/config/run-config.ts';
import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import { encodeSafetensors } from '#core/format/safetensors.ts';
import type { BlobStore } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import { makeDataset, makeProject } from '#db/testing/fixtures.ts';

/** A project with the handwritten digits of samples/ as 8 x 8 images, packed as ingest packs them: every fourth row is validation. */
export async function digitsProject(db: Db, blobs: BlobStore) {
  const csv = await readFile(path.resolve('samples/digits-8x8.csv'), 'utf8');
  const rows = csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));
  const schema: DatasetSchema = {
    kind: 'image-classification',
    image: { height: 8, width: 8, channels: 1 },
    classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
  };
  const of = await makeProject(db);
  const parts = {
    train: rows.filter((_, i) => i % 4 !== 0),
    validation: rows.filter((_, i) => i % 4 === 0),
  };
  const key = (part: string) => `packs/${of.project.id}/${part}.safetensors`;
  for (const [part, items] of Object.entries(parts)) {
    const x = Uint8Array.from(items.flatMap((row) => row.slice(1).map((grey) => Math.min(255, grey * 16))));
    const y = Int32Array.from(items.map((row) => row[0]!));
    const names = items.map((_, i) => Buffer.from(`${JSON.stringify({ name: `${part} line ${i + 1}` })}\n`));
    let end = 0;
    const ends = Int32Array.from(names, (name) => (end += name.length));
    const pack = encodeSafetensors(
      new Map([
        ['x', { shape: [items.length, 8, 8, 1], dtype: 'uint8' as const, data: x }],
        ['y', { shape: [items.length], dtype: 'int32' as const, data: y }],
        ['items', { shape: [end], dtype: 'uint8' as const, data: Buffer.concat(names) }],
        ['itemEnds', { shape: [items.length], dtype: 'int32' as const, data: ends }],
      ] as const),
    );
    await blobs.put(key(part), pack);
  }
  const dataset = await makeDataset(db, of, {
    schema,
    nTrain: parts.train.length,
    nValidation: parts.validation.length,
    trainKey: key('train'),
    validationKey: key('validation'),
  });
  return { ...of, dataset };
}

export function digitsConfig(change: Partial<RunConfigInput> = {}): RunConfig {
  return runConfigSchema.parse({
    model: {
      layers: [
        { type: 'conv2d', filters: 8, kernelSize: 3, activation: 'relu' },
        { type: 'flatten' },
        { type: 'dropout', rate: 0.2 },
        { type: 'dense', units: 32, activation: 'relu' },
        { type: 'dense', units: 10 },
      ],
    },
    optimizer: { kind: 'adam' },
    learningRate: 0.003,
    batchSize: 32,
    epochs: 4,
    ...change,
  } satisfies RunConfigInput);
}
