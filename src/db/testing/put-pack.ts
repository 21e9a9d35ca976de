import { packKeyOf } from '#core/data/blob-keys.ts';
import type { OpenPart, PackItem } from '#core/data/sealed-report.ts';
import { encodeSafetensors, type SafeTensor } from '#core/format/safetensors.ts';
import type { BlobStore } from '../blobs/index.ts';

/** An open part as the referee packs it: `x` uint8 pixels [N, H, W, C] or float32 features [N, D], and its items as the data page shows them. */
export async function putPack(
  blobs: BlobStore,
  datasetId: string,
  part: OpenPart,
  x: SafeTensor,
  known: readonly PackItem[],
): Promise<void> {
  const lines = known.map((item, i) => Buffer.from(`${JSON.stringify(item)}${i < known.length - 1 ? '\n' : ''}`));
  let end = 0;
  const itemEnds = Int32Array.from(lines, (line) => {
    end += line.length;
    return end;
  });
  const items = new Uint8Array(Buffer.concat(lines));
  const pack = encodeSafetensors(
    new Map<string, SafeTensor>([
      ['x', x],
      ['items', { dtype: 'uint8', shape: [items.length], data: items }],
      ['itemEnds', { dtype: 'int32', shape: [known.length], data: itemEnds }],
    ]),
  );
  await blobs.put(packKeyOf(datasetId, part), pack);
}
