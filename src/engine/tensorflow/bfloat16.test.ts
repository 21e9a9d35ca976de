import { afterAll, expect, test } from 'vitest';
import { checkDevices } from '../devices.ts';
import { openEngine } from '../open-engine.ts';
import { batchOf, convSpec, images, TEST_LIBRARY } from '../testing.ts';
import { hasBfloat16 } from './bfloat16.ts';

const engine = await openEngine({ threads: 2, libDir: TEST_LIBRARY });
afterAll(() => engine.close());

test('bfloat16 is there where the processor has it', () => {
  expect(hasBfloat16('processor : 0\nflags\t\t: fpu avx512f avx512_bf16 clzero\n')).toBe(true);
  expect(hasBfloat16('flags\t\t: fpu amx_tile amx_bf16\n')).toBe(true);
  expect(hasBfloat16('flags\t\t: fpu avx2 avx512f avx512_vnni\n')).toBe(false);
  expect(hasBfloat16('')).toBe(false);
});

test('where it is not, a run that asks for it is refused in words', () => {
  expect(() => checkDevices({ precision: 'bf16' }, { devices: ['cpu:0'], bf16: false })).toThrow(
    /This trainer \(cpu:0\) does not compute in bfloat16.*Set precision to float32/,
  );
  expect(() => checkDevices({ precision: 'float32' }, { devices: ['cpu:0'], bf16: false })).not.toThrow();
});

test.skipIf(!engine.info.bf16)(
  'a step in bfloat16 is compiled, near the float32 one, and keeps float32 weights',
  async () => {
    const spec = convSpec({
      layers: [
        { type: 'conv2d', filters: 8, kernelSize: 3, activation: 'relu' },
        { type: 'conv2d', filters: 8, kernelSize: 3, activation: 'relu' },
        { type: 'flatten' },
        { type: 'dense', units: 32, activation: 'relu' },
        { type: 'dense', units: 3 },
      ],
      optimizer: { kind: 'sgd', momentum: 0 },
    });
    const part = images(30);
    const full = await engine.openFit(spec, part, part);
    const half = await engine.openFit({ ...spec, precision: 'bf16' }, part, part);
    expect(half.mode).toMatchObject({ kind: 'compiled', reason: expect.stringContaining('in bfloat16') });
    let differ = false;
    for (let step = 0; step < 10; step++) {
      const [a, b] = [await full.step(batchOf(step, 12, 30), 1e-4), await half.step(batchOf(step, 12, 30), 1e-4)];
      expect(Math.abs(b.loss / a.loss - 1)).toBeLessThan(0.03);
      differ ||= a.loss !== b.loss;
    }
    expect(differ, 'computed in another precision').toBe(true);
    // Updates this small would be lost in weights of 8 bits.
    const before = (await half.weights()).get('conv2d_1/kernel')!.data.slice();
    await half.step(batchOf(0, 12, 30), 1e-6);
    const after = (await half.weights()).get('conv2d_1/kernel')!.data;
    expect(after.some((v, i) => v !== before[i])).toBe(true);
    // A copy of the gradients changes nothing of what is computed, whatever the rewriter makes of the graph with it.
    const state = await half.state();
    const without = await half.step(batchOf(1, 12, 30), 1e-2);
    const then = await half.state();
    await half.restore(state);
    const { gradients, ...rest } = await half.step(batchOf(1, 12, 30), 1e-2, true);
    expect(rest).toEqual(without);
    expect(await half.state()).toEqual(then);
    expect([...gradients!.keys()]).toEqual([...(await half.trainable()).keys()]);
    await full.close();
    await half.close();
  },
);
