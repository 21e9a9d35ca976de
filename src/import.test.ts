import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test } from 'vitest';
import { encodeSafetensors } from '#core/format/safetensors.ts';
import type { Engine, TensorMap } from '#engine/engine.ts';
import { openEngine } from '#engine/open-engine.ts';
import { encodeModel } from '#server/exports/formats.ts';
import { madeNetwork } from '#server/exports/testing.ts';
import { zipOf } from '#server/exports/zip.ts';
import { type ReadModel, readModel } from '#server/transfer/import/read-model.ts';

/** Models that Keras and TensorFlow.js saved answer here what they answer there; what can't be taken is named. */

const FIXTURES = 'src/server/transfer/import/fixtures';
const fixture = (name: string) => readFile(`${FIXTURES}/${name}`);
const answers = async (name: string): Promise<{ x: number[]; y: number[] }> =>
  JSON.parse(await readFile(`${FIXTURES}/${name}.json`, 'utf8'));
let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ prefer: 'wasm' });
});

/** What the model answers to bytes of images, as it stands. */
async function predict({ spec, weights }: ReadModel, x: Uint8Array, units: number): Promise<number[]> {
  const size = spec.input.kind === 'image' ? spec.input.height * spec.input.width * spec.input.channels : 0;
  const task = {
    ...{ kind: 'regression' as const, targets: units, unit: '' },
    ...{ offset: Array(units).fill(0), scale: Array(units).fill(1) },
  };
  return [...(await engine.predict(spec.model, spec.input, task, weights as TensorMap, x, x.length / size))];
}
function expectClose(got: readonly number[], wanted: readonly number[]): void {
  expect(got.length).toBe(wanted.length);
  expect(new Set(wanted.map((v) => v.toFixed(4))).size).toBeGreaterThan(wanted.length / 2);
  expect(Math.max(...got.map((v, i) => Math.abs(v - wanted[i]!)))).toBeLessThan(1e-5);
}

test.each([
  ['sequential', 'sequential.keras', 'keras', 3],
  ['graph', 'graph.keras', 'keras', 2],
  ['graph', 'graph.h5', 'hdf5', 2],
])('%s, saved by Keras as %s, answers as in Keras', async (name, file, format, units) => {
  // What a file is shows in its bytes: the name may be anything.
  const model = await readModel(new Map([['upload.bin', await fixture(file)]]));
  expect(model.format).toBe(format);
  const { x, y } = await answers(name);
  expectClose(await predict(model, Uint8Array.from(x), units), y);
});

test('names become ones that layers may have here', async () => {
  const { spec } = await readModel(new Map([['m.keras', await fixture('sequential.keras')]]));
  expect(spec.input).toEqual({ kind: 'image', height: 8, width: 8, channels: 1 });
  expect(spec.model.layers.map((layer) => layer.name).slice(0, 2)).toEqual(['conv_1', 'batch_normalization']);
});

test('a model that TensorFlow.js saved answers as there, from its files or a zip of them', async () => {
  const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as typeof import('@tensorflow/tfjs');
  const made = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [6, 6, 1], filters: 3, kernelSize: 3, activation: 'elu' }),
      tf.layers.batchNormalization({}),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2, activation: 'tanh' }),
    ],
  });
  let saved: import('@tensorflow/tfjs').io.ModelArtifacts | undefined;
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    saved = artifacts;
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
  });
  await made.save(handler);
  const weights = Buffer.from(saved!.weightData as ArrayBuffer);
  const manifest = [{ paths: ['./a.bin', './b.bin'], weights: saved!.weightSpecs }];
  const json = { format: 'layers-model', modelTopology: saved!.modelTopology, weightsManifest: manifest };
  const files: [string, Buffer][] = [
    ['model.json', Buffer.from(JSON.stringify(json))],
    ['a.bin', weights.subarray(0, 100)],
    ['b.bin', weights.subarray(100)],
  ];
  const x = Uint8Array.from({ length: 4 * 36 }, (_, i) => (i * 97) % 256);
  const there = made.predict(
    tf.tensor(
      Float32Array.from(x, (v) => v / 255),
      [4, 6, 6, 1],
    ),
  );
  const wanted = [...(await (there as import('@tensorflow/tfjs').Tensor).data())];
  expectClose(await predict(await readModel(new Map(files)), x, 2), wanted);
  expectClose(await predict(await readModel(new Map([['m.zip', await zipOf(files)]])), x, 2), wanted);
  const cut = readModel(new Map(files.slice(0, 2)));
  await expect(cut).rejects.toThrow('names the file "./b.bin", which was not uploaded with it');
});

describe.each(['sequence', 'graph', 'channels'])('the network "%s"', (name) => {
  const network = madeNetwork(name);
  const x = Uint8Array.from(
    { length: 3 * network.plan[0]!.input.reduce((a, b) => a * b, 1) },
    (_, i) => (i * 97 + (i % 7) * 31) % 256,
  );
  const units = network.plan.at(-1)!.output[0]!;
  const original = { spec: { model: network.spec, input: network.input }, weights: network.weights } as ReadModel;

  test.each(['keras', 'tfjs'] as const)('exported as %s comes back with the same answers', async (format) => {
    const back = await readModel(new Map([['export.zip', Buffer.from(await encodeModel(format, network))]]));
    expect(back.format).toBe(format);
    expectClose(await predict(back, x, units), await predict(original, x, units));
  });

  test('comes as safetensors with its specification, beside it or inside', async () => {
    const spec = JSON.stringify({ model: network.spec, input: network.input });
    const bare = Buffer.from(encodeSafetensors(network.weights));
    const beside = await readModel(
      new Map([
        ['w.safetensors', bare],
        ['spec.json', Buffer.from(spec)],
      ]),
    );
    const inside = await readModel(
      new Map([['w.safetensors', Buffer.from(encodeSafetensors(network.weights, { spec }))]]),
    );
    for (const back of [beside, inside])
      expect(await predict(back, x, units)).toEqual(await predict(original, x, units));
    await expect(readModel(new Map([['w.safetensors', bare]]))).rejects.toThrow('Weights need the model');
  });
});

describe('what can not be taken is named', () => {
  const sequential = (...layers: object[]) => ({ class_name: 'Sequential', config: { layers } });
  const input = { class_name: 'InputLayer', config: { batch_shape: [null, 8, 8, 1], name: 'in' } };
  const json = (topology: unknown, more = {}) =>
    new Map([['model.json', Buffer.from(JSON.stringify({ modelTopology: topology, weightsManifest: [], ...more }))]]);
  test.each<[string, Map<string, Buffer>, RegExp]>([
    [
      'every layer of a kind that is not known',
      json(
        sequential(
          input,
          { class_name: 'LSTM', config: { name: 'memory' } },
          { class_name: 'Lambda', config: { name: 'own' } },
        ),
      ),
      /Layer "memory" \(LSTM\) is of a kind that is not known here\. Can be read: Dense, Conv2D/,
    ],
    [
      'a model inside of the model',
      json(sequential(input, { class_name: 'Functional', config: { name: 'resnet' } })),
      /Layer "resnet" \(Functional\) is a model inside of the model: save that one by itself/,
    ],
    [
      'a setting',
      json(sequential(input, { class_name: 'LeakyReLU', config: { name: 'leak', alpha: 0.3 } })),
      /Layer "leak" \(LeakyReLU\) has a slope of 0.3; the one here is 0.01/,
    ],
    [
      'an input of no fixed size',
      json(sequential({ class_name: 'InputLayer', config: { batch_shape: [null, null, null, 3] } })),
      /no fixed size \(any x any x 3\)/,
    ],
    [
      'weights that are not there',
      json(sequential(input, { class_name: 'Conv2D', config: { name: 'c', filters: 2, kernel_size: 3 } })),
      /Layer "c" has 2 arrays of weights; the file holds 0/,
    ],
    ['a graph model', json(null, { format: 'graph-model' }), /graph model/],
    [
      'a file of something else',
      new Map([['cat.png', Buffer.from('\x89PNG')]]),
      /No model was found in cat\.png\. Upload a Keras archive/,
    ],
    [
      'an input that is larger than any',
      json(sequential({ class_name: 'InputLayer', config: { batch_shape: [null, 2_000_000_000] } })),
      /takes inputs of 2000000000\. A side may have 1 to 65,536/,
    ],
    [
      'more weights than can be taken, before any is made',
      json(
        sequential(
          { class_name: 'InputLayer', config: { batch_shape: [null, 65_536, 65_536, 4] } },
          { class_name: 'Flatten', config: { name: 'f' } },
          { class_name: 'BatchNormalization', config: { name: 'n', scale: false, center: false } },
        ),
      ),
      /The model has [\d,]+ weights; 67,108,864 can be taken/,
    ],
    [
      'a file of weights that is named again and again',
      new Map([
        ...json(sequential(input, { class_name: 'Flatten', config: { name: 'f' } }), {
          weightsManifest: [{ paths: ['a.bin', 'x/a.bin'], weights: [] }],
        }),
        ['a.bin', Buffer.alloc(4)],
      ]),
      /names the file "x\/a\.bin" twice/,
    ],
    [
      'several archives, which together unpack to more than one may',
      new Map(['a.zip', 'b.zip'].map((name) => [name, Buffer.from('PK\x03\x04')])),
      /"a\.zip" and "b\.zip" are both archives\. Upload one at a time/,
    ],
    ['a broken archive', new Map([['m.keras', Buffer.from('PK\x03\x04 and no more')]]), /is not a whole zip archive/],
    [
      'broken HDF5',
      new Map([['m.h5', Buffer.from('\x89HDF\r\n\x1a\n and no more', 'latin1')]]),
      /can't be read as HDF5/,
    ],
  ])('%s', async (_, files, message) => {
    await expect(readModel(files)).rejects.toThrow(message);
  });

  test('both layers are listed', async () => {
    const layers = ['LSTM', 'Lambda'].map((class_name) => ({ class_name, config: { name: class_name.toLowerCase() } }));
    const problems = await readModel(json(sequential(input, ...layers))).catch((error) => error.items);
    expect(problems.map((item: { path: string }) => item.path)).toEqual(['lstm', 'lambda']);
  });
});
