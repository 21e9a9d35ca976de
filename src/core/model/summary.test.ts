import { describe, expect, test } from 'vitest';
import { keypointModel } from '../config/presets.ts';
import { batchThatFits, checkMemory, trainingMemory } from './memory.ts';
import { modelSchema } from './spec.ts';
import { summarise } from './summary.ts';

const faces = { kind: 'image', height: 96, width: 96, channels: 1 } as const;
const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

describe('summarise', () => {
  const summary = summarise(keypointModel(30), faces, 128);
  const real = summary.rows.filter((r) => r.type !== 'dropout' && r.type !== 'input');

  test('gives the table that torchinfo prints for the keypoint network at batch 128', () => {
    expect(real.map((r) => r.output.join('x'))).toEqual(
      '32x93x93 32x46x46 64x44x44 64x22x22 128x21x21 128x10x10 256x10x10 256x5x5 6400 512 512 30'.split(' '),
    );
    expect(real.map((r) => r.parameters).filter(Boolean)).toEqual([544, 18496, 32896, 33024, 3277312, 262656, 15390]);
    expect(summary.parameters).toBe(3_640_318);
    expect(summary.trainable).toBe(3_640_318);
    expect((summary.multAdds / 1e9).toFixed(2)).toBe('7.92');
  });

  test('gives its sizes, in megabytes of 10^6 bytes', () => {
    const mb = (bytes: number) => (bytes / 1e6).toFixed(2);
    expect(mb(summary.inputMemory)).toBe('4.72');
    expect(mb(summary.forwardBackwardMemory)).toBe('495.38');
    expect(mb(summary.parameterMemory)).toBe('14.56');
    expect(mb(summary.totalMemory)).toBe('514.66');
  });

  test('names layers as a person would', () => {
    const { rows } = summarise(
      modelSchema.parse({
        layers: [
          { type: 'conv2d', filters: 2, kernelSize: [3, 5], strides: 2, activation: 'relu' },
          { type: 'batch_norm' },
          { type: 'average_pool2d', poolSize: 2 },
          { type: 'global_average_pool2d' },
          { type: 'dense', units: 3 },
        ],
      }),
      faces,
      1,
    );
    expect(rows.map((r) => r.kind)).toEqual([
      'Image',
      'Conv 3 × 5, stride 2, ReLU',
      'Batch norm',
      'Average pool 2',
      'Global average pool',
      'Dense',
    ]);
    expect(rows[2]).toMatchObject({ parameters: 8, trainable: 4 });
  });
});

describe('training memory', () => {
  test('counts gradients and what the optimiser keeps', () => {
    const model = modelSchema.parse({ layers: [{ type: 'dense', units: 10 }] });
    const memory = trainingMemory(model, { kind: 'vector', features: 100 }, 8, adam);
    expect(memory).toMatchObject({
      input: 8 * 100 * 4,
      activations: 2 * 8 * 10 * 4,
      parameters: 1010 * 4,
      gradients: 1010 * 4,
      slots: 2 * 1010 * 4,
      largest: { name: 'dense_1', because: 'weights' },
    });
    expect(memory.total).toBe(3200 + 640 + 4 * 4040);
  });

  test('refuses what cannot fit, by the largest layer', () => {
    const memory = trainingMemory(keypointModel(30), faces, 65_536, adam);
    expect(() => checkMemory(memory, 8e9, 'cpu:0')).toThrow(
      /a run on cpu:0 may take 8\.00 GB\. Layer "conv1" alone takes 145\.\d\d GB\. A batch of 1024 would fit: take it, or pool earlier\.$/,
    );
    const fits = trainingMemory(keypointModel(30), faces, 1024, adam);
    expect(fits.total).toBeLessThan(8e9);
    expect(2 * fits.total).toBeGreaterThan(8e9);
    expect(batchThatFits(memory, fits.total)).toBe(1024);
    expect(batchThatFits(memory, fits.parameters)).toBeNull();
    expect(() => checkMemory(memory, memory.total, 'cpu:0')).not.toThrow();
    const wide = modelSchema.parse({ layers: [{ type: 'flatten' }, { type: 'dense', units: 65_536 }] });
    expect(() => checkMemory(trainingMemory(wide, faces, 1, adam), 8e9, 'cpu:0')).toThrow(
      /"dense_1".*fewer units, or put global_average_pool2d/,
    );
    const mlp = modelSchema.parse({
      layers: [
        { type: 'dense', units: 65_536 },
        { type: 'dense', units: 65_536 },
      ],
    });
    const table = trainingMemory(mlp, { kind: 'vector', features: 4 }, 1, adam);
    expect(() => checkMemory(table, 8e9, 'cpu:0')).toThrow(/"dense_2".*Give it fewer units\.$/);
  });
});
