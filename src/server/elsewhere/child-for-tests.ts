import { writeFileSync } from 'node:fs';
import { AppError } from '#core/errors.ts';
import { serveJobs } from './serve-jobs.ts';

/** Jobs that end in every way there is. */
serveJobs({
  double: async () => async (n: number, upload: () => Buffer) => ({
    answer: 2 * n,
    content: Buffer.concat([upload(), Buffer.from('!')]),
  }),
  refuse: async () => async () => {
    const items = [{ path: 'dense/kernel', message: 'is missing' }];
    throw new AppError('invalid_data', 'Layer "dense" lacks weights.', {
      ...{ items, details: { layer: 3 } },
      cause: new RangeError('at byte 7'),
    });
  },
  break: async () => async () => {
    throw new TypeError('x is not a function');
  },
  crash: async () => async () => process.kill(process.pid, 'SIGSEGV') && new Promise(() => {}),
  fillMemory: async () => async () => {
    const kept: number[][] = [];
    for (;;) kept.push(new Array(4_000_000).fill(kept.length + 0.5));
  },
  tellAndHang: async () => async (file: string) => {
    writeFileSync(file, String(process.pid));
    for (;;);
  },
});
