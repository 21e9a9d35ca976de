import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { fromBuffer } from 'yauzl';
import { layerSchema } from '#core/model/spec.ts';
import type { Engine } from '#engine/engine.ts';
import { openEngine } from '#engine/open-engine.ts';
import { encodeModel, whyNot } from '#server/exports/formats.ts';
import { KERAS_LAYERS } from '#server/exports/keras/layers.ts';
import { ONNX_LAYERS } from '#server/exports/onnx/layers.ts';
import { madeNetwork, NETWORKS, TABLE } from '#server/exports/testing.ts';

const N = 5;
let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ prefer: 'wasm' });
});

type Network = ReturnType<typeof madeNetwork>;

/** Bytes of images, or features; and what they become for software that knows nothing of bytes. */
function items({ plan, input }: Network) {
  const size = plan[0]!.input.reduce((a, b) => a * b, 1);
  const bytes = Uint8Array.from({ length: N * size }, (_, i) => (i * 97 + (i % 7) * 31) % 256);
  const float = Float32Array.from(bytes, (v) => (input.kind === 'image' ? v / 255 : v / 100 - 1));
  return { x: input.kind === 'image' ? bytes : float, float, shape: [N, ...plan[0]!.input] };
}

/** What the engine answers, as the network itself gives it: not in the targets' own units. */
async function expected(network: Network): Promise<number[]> {
  const { spec, input, task, weights } = network;
  const raw =
    task.kind === 'regression' ? { ...task, offset: task.offset.map(() => 0), scale: task.scale.map(() => 1) } : task;
  return [...(await engine.predict(spec, input, raw, weights as never, items(network).x, N))];
}

function expectClose(got: ArrayLike<number>, wanted: readonly number[], tolerance: number): void {
  expect(got).toHaveLength(wanted.length);
  // All zeros, or all one answer, would be close for the wrong reason.
  expect(new Set(wanted).size).toBeGreaterThan(N / 2);
  const worst = Math.max(...wanted.map((w, i) => Math.abs(w - got[i]!) / Math.max(1, Math.abs(w))));
  expect(worst).toBeLessThan(tolerance);
}

function unzip(bytes: Uint8Array): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  return new Promise((resolve, reject) => {
    fromBuffer(Buffer.from(bytes), {}, (broken, zip) => {
      if (broken) return reject(broken);
      zip.on('entry', (entry) =>
        zip.openReadStream(entry, async (error, stream) => {
          if (error) return reject(error);
          files.set(entry.fileName, Buffer.concat(await stream.toArray()));
          if (files.size === zip.entryCount) resolve(files);
        }),
      );
    });
  });
}

describe.each(Object.keys(NETWORKS))('the network "%s"', (name) => {
  const network = madeNetwork(name);

  test('answers through ONNX Runtime as here', async () => {
    const session = await InferenceSession.create(await encodeModel('onnx', network));
    const { float, shape } = items(network);
    const { output } = await session.run({ input: new Tensor('float32', float, shape) });
    expectClose(output!.data as Float32Array, await expected(network), 1e-4);
  });

  if (whyNot('tfjs', network.plan)) return;
  test('answers through TensorFlow.js layers as here', async () => {
    const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as typeof import('@tensorflow/tfjs');
    const files = await unzip(await encodeModel('tfjs', network));
    const { modelTopology, weightsManifest } = JSON.parse(files.get('model.json')!.toString());
    const weightData = new Uint8Array(files.get('weights.bin')!).buffer;
    const model = await tf.loadLayersModel(
      tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }),
    );
    const { float, shape } = items(network);
    const answer = model.predict(tf.tensor(float, shape)) as import('@tensorflow/tfjs').Tensor;
    expectClose(await answer.data(), await expected(network), 1e-4);
  });
});

test('a Keras archive numbers the layers of one class as Keras walks them', async () => {
  // As Keras 3.15 loads it with the same answers (bench/exports.ts): by depth, not by the order in the model.
  const files = await unzip(await encodeModel('keras', madeNetwork('graph')));
  expect([...files.keys()]).toEqual(['metadata.json', 'config.json', 'model.weights.h5']);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'holdout-keras-'));
  try {
    await writeFile(path.join(folder, 'w.h5'), files.get('model.weights.h5')!);
    const { default: hdf5 } = await import('h5wasm/node');
    await hdf5.ready;
    const file = new hdf5.File(path.join(folder, 'w.h5'), 'r');
    const layers = file.get('layers') as import('h5wasm/node').Group;
    const names = layers
      .keys()
      .filter((key) => /conv2d|add/.test(key))
      .map((key) => [key, (layers.get(`${key}/vars`) as import('h5wasm/node').Group).attrs.name!.value]);
    expect(Object.fromEntries(names)).toEqual({
      ...{ add: 'add_1', add_1: 'block', add_2: 'residual_1' },
      ...{ conv2d: 'right', conv2d_1: 'deeper', conv2d_2: 'left', conv2d_3: 'block.conv2d_1' },
      ...{ conv2d_4: 'block.shortcut', conv2d_5: 'block.conv2d_2', conv2d_6: 'residual_1.conv2d_1' },
    });
    const kernel = file.get('layers/conv2d_2/vars/0') as import('h5wasm/node').Dataset;
    expect(kernel.shape).toEqual([3, 3, 1, 4]);
    file.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('every type of layer has an entry in each format', () => {
  const types = layerSchema.options.map((option) => option.shape.type.value).sort();
  expect(Object.keys(ONNX_LAYERS).sort()).toEqual(types);
  expect(Object.keys(KERAS_LAYERS).sort()).toEqual(types);
  const used = new Set(Object.keys(NETWORKS).flatMap((name) => madeNetwork(name).plan.map(({ spec }) => spec.type)));
  expect([...used].sort()).toEqual(types);
});

test('a layer that a format has no words for is named', async () => {
  const network = madeNetwork('table');
  const odd = network.plan.map((layer, i) =>
    i ? layer : { ...layer, name: 'odd', spec: { type: 'lambda' } as never },
  );
  expect(whyNot('onnx', odd)).toBe(`ONNX can't hold layer "odd" (lambda). Export it as safetensors.`);
  expect(whyNot('safetensors', odd)).toBeNull();
  expect(whyNot('tfjs', madeNetwork('blurred').plan)).toMatch(/^TensorFlow.js can't hold layer "upsampling2d_1"/);
  await expect(encodeModel('keras', { ...network, plan: odd })).rejects.toThrow('"odd" (lambda)');
});

describe('the predict example', () => {
  /** Runs the zip's Node script in a folder of its own. */
  async function predict(network: Network, file: string, content: string | Buffer): Promise<Record<string, unknown>[]> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'holdout-example-'));
    try {
      for (const [name, bytes] of await unzip(await encodeModel('example', network)))
        await writeFile(path.join(folder, name), bytes);
      await writeFile(path.join(folder, file), content);
      await mkdir(path.join(folder, 'node_modules'));
      for (const name of ['onnxruntime-node', 'onnxruntime-common', 'sharp'])
        await symlink(path.resolve('node_modules', name), path.join(folder, 'node_modules', name));
      const { stdout } = await promisify(execFile)(process.execPath, ['predict.mjs', file], { cwd: folder });
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  test('encodes the rows of a table and answers in the unit of the target', async () => {
    const network = madeNetwork('table');
    const csv = 'city,age,note\n"Bern",52.5,"a, ""b"""\r\n7.0,NA,\nRome,40,x\n';
    const rows = await predict(network, 'people.csv', csv);
    const x = Float32Array.of(1, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0);
    const { spec, input, task, weights } = network;
    const wanted = await engine.predict(spec, input, task, weights as never, x, 3);
    expect(rows.map(({ item }) => item)).toEqual(['people.csv:2', 'people.csv:3', 'people.csv:4']);
    const got = rows.map((row) => (row.answer as { income: number }).income);
    expectClose(got, [...wanted], 1e-5);
    expect(TABLE).toBe(network.schema);
  });

  test('reads a picture and names its class', async () => {
    const network = madeNetwork('sequence');
    const { x } = items(network);
    const pixels = (x as Uint8Array).subarray(0, 9 * 8 * 3);
    const png = await sharp(pixels, { raw: { width: 8, height: 9, channels: 3 } })
      .png()
      .toBuffer();
    const [row] = await predict(network, 'one.png', png);
    const logits = (await expected(network)).slice(0, 3);
    expect(row!.answer).toBe(['cat', 'dog', 'newt'][logits.indexOf(Math.max(...logits))]);
    const shares = logits.map((logit) => Math.exp(logit) / logits.reduce((sum, l) => sum + Math.exp(l), 0));
    const got = Object.values(row!.probabilities as Record<string, number>);
    expectClose(got, shares, 1e-4);
  });
});
