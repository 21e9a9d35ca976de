import { openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

/** The thread that reads for an ItemReader: synchronous reads cost a tenth of asynchronous ones, and here nobody waits for them but the batch. */

export interface ItemWorkerData {
  file: string;
  begin: number;
  itemBytes: number;
}
export interface ReadRequest {
  indices: Int32Array;
  into: ArrayBuffer;
}
export type ReadReply = { into: ArrayBuffer; error?: string };

const { file, begin, itemBytes } = workerData as ItemWorkerData;
const port = parentPort!;
const descriptor = openSync(file, 'r');

port.on('message', ({ indices, into }: ReadRequest) => {
  const reply: ReadReply = { into };
  try {
    read(indices, new Uint8Array(into));
  } catch (error) {
    reply.error = error instanceof Error ? error.message : String(error);
  }
  port.postMessage(reply, [into]);
});

/** Items that follow each other in the file are one read. */
function read(indices: Int32Array, into: Uint8Array): void {
  for (let from = 0; from < indices.length; ) {
    let to = from + 1;
    while (to < indices.length && indices[to] === indices[to - 1]! + 1) to++;
    fill(into, from * itemBytes, to * itemBytes, begin + indices[from]! * itemBytes);
    from = to;
  }
}

function fill(into: Uint8Array, from: number, to: number, position: number): void {
  for (let at = from; at < to; ) {
    const bytes = readSync(descriptor, into, at, to - at, position + at - from);
    if (bytes === 0) throw new Error(`it ends before byte ${position + to - from}`);
    at += bytes;
  }
}
