import { isUtf8 } from 'node:buffer';
import { AppError } from '#core/errors.ts';

/** Longer lines are no table; a row of 1024 x 1024 grey values takes 4 MB. */
const MAX_LINE_BYTES = 64 * 2 ** 20;
const NEWLINE = 0x0a;

/**
 * Passes text on, line by line complete, as long as it is UTF-8. No UTF-8 sequence contains a newline byte,
 * so whole lines can be checked by themselves.
 * @throws AppError `invalid_data` naming the line
 */
export async function* utf8Lines(source: AsyncIterable<Buffer>, file: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  let first = true;
  for await (const bytes of source) {
    let block = rest.length ? Buffer.concat([rest, bytes]) : bytes;
    if (first) {
      refuseUtf16(block, file);
      refuseBinary(block, file);
      first = false;
    }
    const end = block.lastIndexOf(NEWLINE) + 1;
    rest = Buffer.from(block.subarray(end));
    if (rest.length > MAX_LINE_BYTES)
      throw new AppError('invalid_data', `${file} has a line longer than 64 MB. Is it a CSV file?`);
    block = block.subarray(0, end);
    line = checkBlock(block, file, line);
    if (block.length) yield block;
  }
  checkBlock(rest, file, line);
  if (rest.length) yield rest;
}

/** @returns the number of the line after the block */
function checkBlock(block: Buffer, file: string, line: number): number {
  let at = line;
  if (isUtf8(block) && !block.includes(0)) {
    for (let i = block.indexOf(NEWLINE); i >= 0; i = block.indexOf(NEWLINE, i + 1)) at++;
    return at;
  }
  for (let start = 0; start < block.length; at++) {
    const next = block.indexOf(NEWLINE, start) + 1 || block.length;
    const text = block.subarray(start, next);
    if (!isUtf8(text) || text.includes(0))
      throw new AppError(
        'invalid_data',
        `${file}:${at} is not UTF-8 text. Save the table as UTF-8 and upload it again.`,
        {
          items: [{ path: `${file}:${at}`, message: 'is not UTF-8 text' }],
        },
      );
    start = next;
  }
  return at;
}

/** Text in an 8-bit code has no control characters but tabs and ends of lines; of random bytes one in ten is one. Zeros are UTF-16's. */
function refuseBinary(head: Buffer, file: string): void {
  const some = head.subarray(0, 4096);
  const control = some.filter((byte) => byte > 0 && byte < 0x20 && (byte < 0x09 || byte > 0x0d)).length;
  if (control * 20 > some.length)
    throw new AppError(
      'invalid_data',
      `${file} is neither a zip archive nor a CSV table: it does not begin like a zip, and it is not text. Is it damaged, or named wrongly?`,
      { items: [{ path: file, message: 'is neither a zip archive nor text' }] },
    );
}

function refuseUtf16(head: Buffer, file: string): void {
  const mark = head.length >= 2 ? head.readUInt16BE(0) : 0;
  if (mark === 0xfffe || mark === 0xfeff)
    throw new AppError('invalid_data', `${file} is UTF-16 text. Save the table as UTF-8 and upload it again.`, {
      items: [{ path: `${file}:1`, message: 'is UTF-16 text' }],
    });
}
