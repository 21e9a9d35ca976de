import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { encodeSafetensors, parseSafetensorsHeader } from '#core/format/safetensors.ts';
import type { PartArrays } from '../engine.ts';
import { layoutOf, preparePart } from '../part.ts';
import { batchOf, convSpec, IMAGE, images, openEngines, THREE_CLASSES, wave } from '../testing.ts';
import { ItemReader } from './item-reader.ts';

const engines = await openEngines();
const folder = await mkdtemp(join(tmpdir(), 'holdout-stream-'));
afterAll(async () => {
  await Promise.all(engines.map((e) => e.close()));
  await rm(folder, { recursive: true });
});

let files = 0;
/** The same part with its inputs left in a safetensors file. */
async function streamed(part: PartArrays): Promise<PartArrays> {
  const data = part.x as Uint8Array | Float32Array;
  const shape = [part.n, data.length / part.n];
  const x = { shape, dtype: data instanceof Uint8Array ? ('uint8' as const) : ('float32' as const), data };
  const bytes = encodeSafetensors(new Map([['x', x]]));
  const file = join(folder, `${files++}.safetensors`);
  await writeFile(file, bytes);
  return { ...part, x: { file, begin: parseSafetensorsHeader(bytes, bytes.length).entries.get('x')!.begin } };
}

describe.each(engines.map((engine) => [engine.info.kind, engine] as const))('streamed parts, %s', (kind, engine) => {
  const table = { x: wave(500, 0.1, 2), y: Int32Array.from({ length: 100 }, (_, i) => i % 3), n: 100 };
  const tableSpec = convSpec({ layers: [{ type: 'dense', units: 3 }], input: { kind: 'vector', features: 5 } });
  test.each([
    ['images', images(1100), convSpec({ l2: 1e-3 })],
    ['tables', table, tableSpec],
  ])(
    '%s train to the same bits as in memory, prefetched or not, and go on from a restored state',
    async (_, part, spec) => {
      const held = await engine.openFit(spec, part, part);
      const fit = await engine.openFit(spec, await streamed(part), await streamed(part));
      expect(fit.mode.kind).toBe(kind === 'tensorflow' ? 'compiled' : 'eager');
      const batch = (step: number) => batchOf(step, step % 4 === 3 ? 5 : 12, part.n);
      const losses: number[] = [];
      for (let step = 0; step < 8; step++) {
        // As the loop does; then with a prefetch that nobody takes; then with none.
        if (step < 3) fit.prefetch(batch(step + 1));
        if (step === 5) fit.prefetch(batch(99));
        const result = await fit.step(batch(step), 1e-2);
        expect(result).toEqual(await held.step(batch(step), 1e-2));
        losses.push(result.loss);
      }
      expect(await fit.evaluate('validation')).toEqual(await held.evaluate('validation'));
      expect(await fit.evaluate('train')).toEqual(await held.evaluate('train'));
      const state = await fit.state();
      await held.close();
      await fit.close();
      const again = await engine.openFit(spec, await streamed(part), await streamed(part));
      await again.restore(state);
      expect(await again.state()).toEqual(state);
      await again.close();
    },
  );

  test('a file that is cut short is told when the fit is opened, and when it happens later', async () => {
    const short = await streamed(images(30));
    await expect(engine.openFit(convSpec(), { ...short, n: 31, y: new Int32Array(31) }, short)).rejects.toThrow(
      /The train part is cut short: its file has \d+ bytes and needs \d+/,
    );
    const fit = await engine.openFit(convSpec(), short, images(3));
    await truncate((short.x as { file: string }).file, 200);
    await expect(fit.step(batchOf(0, 12, 30), 1e-2)).rejects.toMatchObject({ code: 'invalid_data' });
    await fit.close();
  });
});

test('items come in the order asked for, and a file that is gone is told by every read', async () => {
  const part = images(20);
  const layout = layoutOf(preparePart('train', part, IMAGE, THREE_CLASSES));
  const { x } = await streamed(part);
  const reader = new ItemReader(x as { file: string; begin: number }, layout);
  const item = (i: number) => [...(part.x.subarray(i * 64, (i + 1) * 64) as Uint8Array)];
  for (const indices of [[3, 4, 5, 19, 0, 0, 7], [11], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]])
    expect([...(await reader.read(Int32Array.from(indices)))]).toEqual(indices.flatMap(item));
  // What is read in between leaves what was prefetched for later where it is.
  for (const i of [1, 2]) reader.prefetch(Int32Array.of(i));
  const [one, between, two] = [Int32Array.of(1), Int32Array.of(9), Int32Array.of(2)];
  expect([...(await reader.read(between))]).toEqual(item(9));
  expect(reader.ahead).toBe(2);
  expect([...(await reader.read(one))]).toEqual(item(1));
  expect([...(await reader.read(two))]).toEqual(item(2));
  expect(reader.ahead).toBe(0);
  // What nobody ever takes does not pile up.
  for (let i = 0; i < 20; i++) reader.prefetch(Int32Array.of(i));
  expect(reader.ahead).toBeLessThan(10);
  expect([...(await reader.read(Int32Array.of(19)))]).toEqual(item(19));
  await reader.close();
  const gone = new ItemReader({ file: join(folder, 'gone'), begin: 0 }, layout);
  gone.prefetch(Int32Array.of(1));
  for (let i = 0; i < 2; i++) await expect(gone.read(Int32Array.of(1))).rejects.toThrow(/can't be read: ENOENT/);
  await gone.close();
});
