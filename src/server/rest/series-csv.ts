import { Readable } from 'node:stream';
import type { Series } from '#core/api/schemas.ts';

/**
 * name,step,time,value: one line a point, in pieces of a thousand lines. Names have no character that CSV quotes.
 * What was not a number stays as it is (NaN, Infinity): pandas and R read both.
 */
export function seriesCsv(all: readonly Series[]): ReadableStream {
  return Readable.toWeb(Readable.from(pieces(all))) as ReadableStream;
}

function* pieces(all: readonly Series[]): Generator<Buffer> {
  let piece = 'name,step,time,value\n';
  let lines = 1;
  for (const { name, steps, times, values } of all) {
    for (let i = 0; i < steps.length; i++) {
      piece += `${name},${steps[i]},${new Date(times[i]!).toISOString()},${values[i]}\n`;
      lines += 1;
      if (lines % 1000 === 0) {
        yield Buffer.from(piece);
        piece = '';
      }
    }
  }
  yield Buffer.from(piece);
}
