import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** An empty file in no folder: it is gone once nobody has it open any more, also where a process that had it is killed. */
export async function namelessFile(): Promise<FileHandle> {
  const place = path.join(tmpdir(), `holdout-${randomUUID()}`);
  const file = await open(place, 'wx+', 0o600);
  await unlink(place);
  return file;
}
