import { expect, test } from 'vitest';
import { LastLines } from './last-lines.ts';

const ONEDNN =
  '2026-11-30 00:05:01.123456: I tensorflow/core/util/port.cc:153] oneDNN custom operations are on. You may see slightly different numerical results due to floating-point round-off errors from different computation orders. To turn them off, set the environment variable `TF_ENABLE_ONEDNN_OPTS=0`.';
const ABSL = 'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR';
const CPU =
  'I0000 00:00:1764460000.000000  1234 cpu_feature_guard.cc:227] This TensorFlow binary is optimized to use available CPU instructions in performance-critical operations.\nTo enable the following instructions: AVX2 FMA, in other operations, rebuild TensorFlow with the appropriate compiler flags.';

test('what TensorFlow says as it starts is no last word', () => {
  const tail = new LastLines();
  for (const text of [ONEDNN, ABSL, CPU]) tail.add(`${text}\n`);
  expect(String(tail)).toBe('');
});

test('what went wrong is kept, the last twenty lines of it', () => {
  const tail = new LastLines();
  tail.add(`${ONEDNN}\nOOM when allocating tensor\n\n`);
  tail.add('Error: gone\n');
  expect(String(tail)).toBe('OOM when allocating tensor\nError: gone');
  for (let i = 1; i <= 25; i++) tail.add(`line ${i}\n`);
  expect(String(tail).split('\n')).toEqual(Array.from({ length: 20 }, (_, i) => `line ${i + 6}`));
});
