import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeSafetensors,
  encodeSafetensors,
  layoutSafetensors,
  parseSafetensorsHeader,
  type SafeTensor,
} from './safetensors.ts';

const tensor = fc
  .record({
    shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
    dtype: fc.constantFrom('float32', 'int32', 'uint8'),
    seed: fc.integer(),
  })
  .map(({ shape, dtype, seed }): SafeTensor => {
    const n = shape.reduce((a, b) => a * b, 1);
    const array = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array }[dtype as 'float32'];
    return { shape, dtype: dtype as 'float32', data: array.from({ length: n }, (_, i) => ((seed % 99) + i) * 1.5) };
  });
const names = fc.string({ minLength: 1 }).filter((s) => s !== '__metadata__' && s !== '__proto__');

const sample = () =>
  encodeSafetensors(
    new Map([
      ['a', { shape: [2], dtype: 'float32', data: Float32Array.of(1, 2) }],
      ['b', { shape: [3], dtype: 'uint8', data: Uint8Array.of(1, 2, 3) }],
    ]),
  );
const rewrite = (
  change: (header: Record<string, { dtype: string; shape: number[]; data_offsets: number[] }>) => void,
) => {
  const file = sample();
  const length = Number(new DataView(file.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  change(header);
  const text = new TextEncoder().encode(JSON.stringify(header));
  const out = new Uint8Array(8 + text.length + file.length - 8 - length);
  new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true);
  out.set(text, 8);
  out.set(file.subarray(8 + length), 8 + text.length);
  return out;
};

describe('safetensors', () => {
  test('what goes in comes out, from any byte offset', () => {
    fc.assert(
      fc.property(
        fc.dictionary(names, tensor),
        fc.dictionary(names, fc.string()),
        fc.integer({ min: 0, max: 7 }),
        (tensors, metadata, shift) => {
          const file = encodeSafetensors(new Map(Object.entries(tensors)), metadata);
          const moved = new Uint8Array(file.length + shift).subarray(shift);
          moved.set(file);
          const read = decodeSafetensors(moved);
          expect(Object.fromEntries(read.tensors)).toEqual({ ...tensors });
          expect(read.metadata).toEqual({ ...metadata });
        },
      ),
    );
  });

  test('any damage to length or header is refused in words, never read past the end', () => {
    const file = sample();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(() => decodeSafetensors(noise)).toThrow(/^The file /);
      }),
    );
    for (let n = 0; n < file.length; n++) expect(() => decodeSafetensors(file.slice(0, n))).toThrow(/^The file /);
  });

  test('names the tensor that is wrong', () => {
    expect(() =>
      decodeSafetensors(
        rewrite((h) => {
          h.a!.dtype = 'F16';
        }),
      ),
    ).toThrow(/tensor "a" as F16; F32, I32 and U8/);
    expect(() =>
      decodeSafetensors(
        rewrite((h) => {
          h.a!.shape = [3];
        }),
      ),
    ).toThrow(/gives tensor "a" 8 bytes; F32 \[3\] takes 12/);
    expect(() =>
      decodeSafetensors(
        rewrite((h) => {
          h.b!.data_offsets = [7, 10];
        }),
      ),
    ).toThrow(/hole or an overlap before tensor "b"/);
    expect(() => decodeSafetensors(Uint8Array.of(...sample(), 0), 'final.safetensors')).toThrow(
      /^final.safetensors is \d+ bytes long; its header describes/,
    );
  });

  test('equal tensors in another order give equal bytes, wide items first and aligned', () => {
    const a = { shape: [1], dtype: 'uint8', data: Uint8Array.of(7) } as const;
    const b = { shape: [1], dtype: 'float32', data: Float32Array.of(7) } as const;
    const one = encodeSafetensors(
      new Map<string, SafeTensor>([
        ['a', { ...a, shape: [1] }],
        ['b', { ...b, shape: [1] }],
      ]),
    );
    const two = encodeSafetensors(
      new Map<string, SafeTensor>([
        ['b', { ...b, shape: [1] }],
        ['a', { ...a, shape: [1] }],
      ]),
    );
    expect(one).toEqual(two);
    expect(parseSafetensorsHeader(one, one.length).entries.get('b')!.begin % 8).toBe(0);
  });

  test('the layout tells a streaming writer where bytes go', () => {
    const { header, entries, size } = layoutSafetensors(
      [
        ['x', { shape: [5, 2], dtype: 'uint8' }],
        ['y', { shape: [5], dtype: 'int32' }],
      ],
      { part: 'train' },
    );
    expect(entries.get('y')).toEqual({ shape: [5], dtype: 'int32', begin: header.length, end: header.length + 20 });
    expect(entries.get('x')!.end).toBe(size);
  });
});
