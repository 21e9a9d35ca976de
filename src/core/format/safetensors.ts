import { z } from 'zod';
import { AppError } from '../errors.ts';

/**
 * The safetensors format (https://github.com/huggingface/safetensors): 8 bytes little-endian header length,
 * a JSON header, then the tensors' bytes, row-major and little-endian. Pure: bytes in, bytes out.
 */

const FORMATS = {
  F32: { dtype: 'float32', array: Float32Array },
  I32: { dtype: 'int32', array: Int32Array },
  U8: { dtype: 'uint8', array: Uint8Array },
} as const;
const CODES = { float32: 'F32', int32: 'I32', uint8: 'U8' } as const;
/** The reference reader's own limit. */
const MAX_HEADER_BYTES = 100_000_000;

export type SafeDtype = keyof typeof CODES;
export interface SafeTensor {
  shape: number[];
  dtype: SafeDtype;
  data: Float32Array | Int32Array | Uint8Array;
}
/** Where one tensor lies: `begin` and `end` are bytes from the start of the file. */
export interface SafeEntry {
  shape: number[];
  dtype: SafeDtype;
  begin: number;
  end: number;
}
export interface SafeHeader {
  entries: Map<string, SafeEntry>;
  metadata: Record<string, string>;
  /** Bytes of the whole file. */
  size: number;
}

const entrySchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const metadataSchema = z.record(z.string(), z.string());

const itemBytes = (dtype: SafeDtype) => FORMATS[CODES[dtype]].array.BYTES_PER_ELEMENT;
const count = (shape: number[]) => shape.reduce((a, b) => a * b, 1);

/**
 * The header of a file that holds `tensors`, and where each one's bytes go, so that a writer can stream parts larger than memory.
 * Wide items come first, then names in order (as the reference writer does): every tensor is aligned and equal input gives equal bytes.
 */
export function layoutSafetensors(
  tensors: Iterable<readonly [name: string, tensor: { shape: number[]; dtype: SafeDtype }]>,
  metadata: Record<string, string> = {},
): SafeHeader & { header: Uint8Array } {
  const sorted = [...tensors].sort(
    ([an, a], [bn, b]) => itemBytes(b.dtype) - itemBytes(a.dtype) || (an < bn ? -1 : an > bn ? 1 : 0),
  );
  const json: Record<string, unknown> = Object.create(null);
  if (Object.keys(metadata).length) json.__metadata__ = metadata;
  let offset = 0;
  const relative = sorted.map(([name, { shape, dtype }]) => {
    if (name === '__metadata__' || name in json) throw new Error(`Two tensors can't share the name "${name}".`);
    const begin = offset;
    offset += count(shape) * itemBytes(dtype);
    json[name] = { dtype: CODES[dtype], shape, data_offsets: [begin, offset] };
    return [name, { shape, dtype, begin, end: offset }] as const;
  });
  const text = new TextEncoder().encode(JSON.stringify(json));
  const start = 8 + Math.ceil(text.length / 8) * 8;
  const header = new Uint8Array(start).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(start - 8), true);
  header.set(text, 8);
  const entries = new Map(relative.map(([name, e]) => [name, { ...e, begin: e.begin + start, end: e.end + start }]));
  return { header, entries, metadata, size: start + offset };
}

/** One file's bytes. */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, SafeTensor>,
  metadata: Record<string, string> = {},
): Uint8Array<ArrayBuffer> {
  const { header, entries, size } = layoutSafetensors(tensors, metadata);
  const file = new Uint8Array(size);
  file.set(header);
  for (const [name, { data, shape }] of tensors) {
    if (data.length !== count(shape))
      throw new Error(`"${name}" holds ${data.length} numbers, its shape [${shape.join(', ')}] wants ${count(shape)}.`);
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), entries.get(name)!.begin);
  }
  return file;
}

/** How many bytes of a file `parseSafetensorsHeader` needs: read 8, ask, read so many. Throws AppError `invalid_data`. */
export function safetensorsHeaderBytes(first8: Uint8Array, fileSize: number, what = 'The file'): number {
  if (first8.length < 8 || fileSize < 8)
    throw bad(what, `is ${fileSize} bytes long; even an empty safetensors file has 8`);
  const length = new DataView(first8.buffer, first8.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES))
    throw bad(what, `declares a header of ${length} bytes; the format allows ${MAX_HEADER_BYTES}`);
  if (8n + length > BigInt(fileSize))
    throw bad(what, `declares a header of ${length} bytes but is only ${fileSize} bytes long; it was cut short`);
  return 8 + Number(length);
}

/** Checks the header against the file's size: no holes, no overlaps, every shape as long as its bytes. Throws AppError `invalid_data`. */
export function parseSafetensorsHeader(bytes: Uint8Array, fileSize: number, what = 'The file'): SafeHeader {
  const start = safetensorsHeaderBytes(bytes, fileSize, what);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, start)));
  } catch (cause) {
    throw bad(what, 'has a header that is not JSON', cause);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw bad(what, 'has a header that is not an object');
  const { __metadata__: meta, ...rest } = json as Record<string, unknown>;
  const metadata = metadataSchema.optional().safeParse(meta);
  if (!metadata.success) throw bad(what, 'has __metadata__ that is not text by name');
  const entries = new Map<string, SafeEntry>();
  for (const [name, raw] of Object.entries(rest)) {
    const parsed = entrySchema.safeParse(raw);
    if (!parsed.success) throw bad(what, `describes tensor "${name}" without dtype, shape and data_offsets`);
    const { dtype: code, shape, data_offsets } = parsed.data;
    if (!(code in FORMATS)) throw bad(what, `holds tensor "${name}" as ${code}; F32, I32 and U8 can be read`);
    const dtype = FORMATS[code as keyof typeof FORMATS].dtype;
    const [begin, end] = data_offsets;
    if (end - begin !== count(shape) * itemBytes(dtype))
      throw bad(
        what,
        `gives tensor "${name}" ${end - begin} bytes; ${code} [${shape.join(', ')}] takes ${count(shape) * itemBytes(dtype)}`,
      );
    entries.set(name, { shape, dtype, begin: begin + start, end: end + start });
  }
  let at = start;
  for (const [name, e] of [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)) {
    if (e.begin !== at) throw bad(what, `leaves a hole or an overlap before tensor "${name}"`);
    at = e.end;
  }
  if (at !== fileSize) throw bad(what, `is ${fileSize} bytes long; its header describes ${at}`);
  return { entries, metadata: metadata.data ?? {}, size: fileSize };
}

/** All tensors of one file; they share its memory where their bytes are aligned. Throws AppError `invalid_data`. */
export function decodeSafetensors(
  bytes: Uint8Array,
  what = 'The file',
): { tensors: Map<string, SafeTensor>; metadata: Record<string, string> } {
  const { entries, metadata } = parseSafetensorsHeader(bytes, bytes.length, what);
  const tensors = new Map<string, SafeTensor>();
  for (const [name, entry] of entries)
    tensors.set(name, {
      shape: entry.shape,
      dtype: entry.dtype,
      data: tensorView(bytes.subarray(entry.begin, entry.end), entry.dtype),
    });
  return { tensors, metadata };
}

/** The numbers in `bytes`: a view where aligned, else a copy. */
export function tensorView(bytes: Uint8Array, dtype: SafeDtype): SafeTensor['data'] {
  const { array } = FORMATS[CODES[dtype]];
  const source = bytes.byteOffset % array.BYTES_PER_ELEMENT ? bytes.slice() : bytes;
  return new array(source.buffer as ArrayBuffer, source.byteOffset, source.byteLength / array.BYTES_PER_ELEMENT);
}

function bad(what: string, problem: string, cause?: unknown): AppError {
  return new AppError('invalid_data', `${what} ${problem}. Save it again as safetensors and retry.`, { cause });
}
