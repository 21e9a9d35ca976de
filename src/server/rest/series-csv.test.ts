import { expect, test } from 'vitest';
import { seriesCsv } from './series-csv.ts';

test('one line a point, across pieces, with what was not a number kept', async () => {
  const n = 2500;
  const steps = Array.from({ length: n }, (_, i) => i + 1);
  const values = steps.map((step) => (step === 7 ? Number.NaN : 1 / step));
  const loss = { name: 'loss/train', steps, times: steps.map((step) => step * 1000), values };
  const late = { name: 'lr', steps: [9], times: [0], values: [0.001] };
  const lines = (await new Response(seriesCsv([loss, late])).text()).trimEnd().split('\n');
  expect(lines).toHaveLength(1 + n + 1);
  expect(lines[0]).toBe('name,step,time,value');
  expect(lines[7]).toBe('loss/train,7,1970-01-01T00:00:07.000Z,NaN');
  expect(lines.slice(1, -1).map((line) => Number(line.split(',')[1]))).toEqual(steps);
  expect(lines.at(-1)).toBe('lr,9,1970-01-01T00:00:00.000Z,0.001');
});
