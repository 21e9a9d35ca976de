import { expect, test } from 'vitest';
import { dataBytes, dataStreams, runMemory } from './data-memory.ts';
import type { TaskSpec } from './spec.ts';

test('bytes of a data set as it is packed', () => {
  const image = { kind: 'image', height: 28, width: 28, channels: 1 } as const;
  expect(dataBytes(image, { kind: 'classification', classes: 10 }, 1000)).toBe(1000 * (784 + 4));
  const points: TaskSpec = { kind: 'regression', targets: 30, offset: [], scale: [], unit: 'pixels' };
  expect(dataBytes({ kind: 'vector', features: 5 }, points, 7)).toBe(7 * (20 + 120));
});

test('data is held up to a quarter of what a run may take, and only where the step still fits beside it', () => {
  const budget = runMemory({ memoryBytes: 10e9, slots: 2 });
  expect(budget).toBe(4e9);
  expect(dataStreams(1e9, 1e9, budget)).toBe(false);
  expect(dataStreams(1.001e9, 1e9, budget)).toBe(true);
  expect(dataStreams(0.9e9, 3.2e9, budget)).toBe(true);
});
