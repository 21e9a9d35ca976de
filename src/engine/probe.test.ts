import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deviceNames, parseDevices } from './devices.ts';
import { probeEngine } from './probe.ts';
import { LIBRARY_FILE } from './tensorflow/cache-path.ts';
import { TEST_LIBRARY } from './testing.ts';

test('says what works here, having trained a step with it', async () => {
  const { info, startMs } = await probeEngine({ threads: 1, libDir: TEST_LIBRARY });
  expect(['tensorflow', 'wasm']).toContain(info.kind);
  expect(info.version).toMatch(/^TensorFlow(\.js)? \d/);
  expect(info.reason.length).toBeGreaterThan(20);
  expect(startMs).toBeGreaterThan(0);
});

test('without the library: the fallback, and where it was looked for and how to get it', async () => {
  const { info } = await probeEngine({ libDir: '/nowhere' });
  expect(info).toMatchObject({ kind: 'wasm', threads: 1, device: 'wasm' });
  expect(info.reason).toMatch(
    /ten times slower: libtensorflow_cc.so.2 is not in \/nowhere. Let HOLDOUT_TENSORFLOW name the folder/,
  );
});

test('a file that is no library: the fallback, with the loader’s words', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdout-probe-'));
  try {
    await writeFile(join(folder, LIBRARY_FILE), 'not a library');
    const { info } = await probeEngine({ libDir: folder });
    expect(info.kind).toBe('wasm');
    expect(info.reason).toContain(join(folder, LIBRARY_FILE));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a GPU that is asked for and is not there: no fallback, but why and how to mend it', async () => {
  await expect(
    probeEngine({ libDir: TEST_LIBRARY, devices: parseDevices('gpu:1') }, { driver: true }),
  ).rejects.toMatchObject({ code: 'unavailable', message: expect.stringMatching(/gpu:1|libtensorflow_cc/) });
});

test('a driver beside a library without CUDA: trains on the CPU, and says what the GPU wants', async () => {
  const { info } = await probeEngine({ threads: 1, libDir: TEST_LIBRARY }, { driver: true });
  if (info.kind === 'tensorflow' && !info.cuda) expect(info.reason).toMatch(/build without CUDA.*pip install/);
  const cpu = await probeEngine({ threads: 1, libDir: TEST_LIBRARY, devices: parseDevices('cpu') }, { driver: true });
  expect(cpu.info.reason).not.toContain('CUDA');
});

test('names of devices', () => {
  expect(parseDevices('cpu')).toEqual({ kind: 'cpu', indices: [0] });
  expect(deviceNames(parseDevices('GPU:3, gpu:0'))).toEqual(['gpu:3', 'gpu:0']);
  for (const text of ['', 'tpu:0', 'cpu:0,gpu:0', 'gpu:1,gpu:1', 'gpu:-1'])
    expect(() => parseDevices(text)).toThrow(/names no devices\. Give cpu, a GPU such as gpu:0/);
});
