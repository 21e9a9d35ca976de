import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
