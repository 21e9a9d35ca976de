import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** A zip file of these, as they are: weights hardly compress, and Keras maps its archive into memory. */
export async function zipOf(
  files: readonly (readonly [name: string, content: string | Uint8Array])[],
): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of files)
    zip.addBuffer(Buffer.from(content as Uint8Array), name, { compress: false, mtime: new Date() });
  zip.end();
  return buffer(zip.outputStream);
}
