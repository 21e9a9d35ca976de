import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { presetsFor } from '#core/config/presets.ts';
import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import { inputOf, taskOf } from '#core/data/dataset-schema.ts';
import { openEngine } from '#engine/open-engine.ts';
import { encodeModel } from '#server/exports/formats.ts';
import { madeNetwork, NETWORKS, networkOf } from '#server/exports/testing.ts';

/**
 * Exports against Keras 3 and ONNX Runtime themselves: every network of the tests and every preset, with random weights,
 * answers the same items there and here. Exits with 1 where any answer is off by more than 1e-4 of itself (of 1 where it is smaller).
 * Also runs the Python script of the predict example.
 *
 * node bench/exports.ts --python /path/to/python
 */
const { values: options } = parseArgs({
  options: {
    /** of an environment that has keras with a backend, onnxruntime, h5py and pillow */
    python: { type: 'string' },
  },
});
const ITEMS = 8;

if (options.python) await compareAll(options.python);
else console.log('Nothing to compare with: give --python of an environment that has keras and onnxruntime.');

async function compareAll(python: string): Promise<void> {
  const engine = await openEngine({});
  const folder = mkdtempSync(path.join(tmpdir(), 'holdout-exports-'));
  try {
    for (const [name, network] of networks()) {
      const place = path.join(folder, name);
      mkdirSync(place);
      const shape = [ITEMS, ...network.plan[0]!.input];
      const size = shape.reduce((a, b) => a * b, 1);
      const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 97 + (i % 7) * 31) % 256);
      const float = Float32Array.from(bytes, (v) => (network.input.kind === 'image' ? v / 255 : v / 100 - 1));
      const x = network.input.kind === 'image' ? bytes : float;
      const { spec, input, task, weights } = network;
      // As the network itself gives them: not in the targets' own units.
      const plain =
        task.kind === 'regression'
          ? { ...task, offset: task.offset.map(() => 0), scale: task.scale.map(() => 1) }
          : task;
      const answers = await engine.predict(spec, input, plain, weights as never, x, ITEMS);
      writeFileSync(path.join(place, 'case.json'), JSON.stringify({ shape, answers: [...answers] }));
      writeFileSync(path.join(place, 'x.bin'), float);
      for (const [format, file] of [
        ['keras', 'model.keras'],
        ['onnx', 'model.onnx'],
        ['example', 'example.zip'],
      ] as const)
        writeFileSync(path.join(place, file), await encodeModel(format, network));
    }
    const { status } = spawnSync(python, ['bench/exports.py', folder], {
      stdio: 'inherit',
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', TF_ENABLE_ONEDNN_OPTS: '0', CUDA_VISIBLE_DEVICES: '' },
    });
    process.exitCode = status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function* networks() {
  for (const name of Object.keys(NETWORKS)) yield [name, madeNetwork(name)] as const;
  const image = { height: 96, width: 96, channels: 1 as const };
  const schemas: DatasetSchema[] = [
    { kind: 'image-classification', image: { ...image, height: 28, width: 28 }, classes: ['a', 'b', 'c'] },
    { kind: 'image-keypoints', image, targets: [{ name: 'x', offset: 48, scale: 48 }] },
    { kind: 'tabular-classification', columns: [], features: 12, target: 'y', classes: ['a', 'b', 'c'] },
  ];
  for (const schema of schemas)
    for (const { id, model } of presetsFor(inputOf(schema), taskOf(schema)))
      yield [`${id}, ${schema.kind}`, networkOf(id, schema, model.layers)] as const;
}
