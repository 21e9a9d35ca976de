import { expect, test } from 'vitest';
import type { EngineInfo } from '../../src/engine/engine.ts';
import { trainersFor } from './trainers.ts';

const env = { HOLDOUT_ENGINE: undefined, HOLDOUT_THREADS: undefined };
const finding = (devices: string[]) => async () => ({ info: { devices } as EngineInfo, startMs: 1 });

test('one trainer for each GPU found, one for what there is where none is', async () => {
  expect(await trainersFor(env, undefined, finding(['gpu:0', 'gpu:1']))).toEqual([
    { name: 'trainer-gpu0', args: ['--device', 'gpu:0'] },
    { name: 'trainer-gpu1', args: ['--device', 'gpu:1'] },
  ]);
  const one = [{ name: 'trainer', args: [] }];
  expect(await trainersFor(env, undefined, finding(['cpu:0']))).toEqual(one);
  expect(await trainersFor({ ...env, HOLDOUT_ENGINE: 'wasm' }, undefined, finding(['gpu:0']))).toEqual(one);
});
