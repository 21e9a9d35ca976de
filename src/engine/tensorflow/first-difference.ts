import type { ItemArray } from '../engine.ts';
import { relativeDifference } from './check-step.ts';
import { DType, type NumberArray } from './dtypes.ts';
import type { Runtime } from './runtime.ts';
import type { StepProgram } from './step-program.ts';
import type { RecordedOperation } from './trace.ts';

/** Rounding of one operation; what comes after it is not looked at. */
const TOLERANCE = 1e-3;
/** Numbers of each tensor that are compared, spread evenly: a whole step's would not fit into memory. */
const SAMPLES = 4096;
/** Neighbours are read in different calls: those that are read stand by themselves, and TensorFlow may not fuse them. */
const READS = 16;

/** What an operation gave: samples of its first output, if that is float32. */
interface Observed {
  op: string;
  values: Float32Array | undefined;
}

/** What the eager step does while `f` runs, operation by operation. Keeps samples alone. */
export function observe(runtime: Runtime, f: () => void): Observed[] {
  const seen: Observed[] = [];
  runtime.watched((op, dtype, read) => {
    seen.push({ op, values: dtype === DType.float32 ? sample(read()) : undefined });
  }, f);
  return seen;
}

/**
 * The first node of a compiled step that is not what the eager step does there, in words; nothing where every node agrees, so that the
 * difference lies in rounding alone. Both record the same program, so that their operations come in the same order.
 */
export async function firstDifference(
  program: StepProgram,
  eager: readonly Observed[],
  indices: Int32Array,
  rows: ItemArray | undefined,
): Promise<string | undefined> {
  const { recorded } = program;
  const parted = recorded.findIndex(({ op }, i) => op !== eager[i]?.op);
  const same = recorded.slice(0, parted < 0 ? recorded.length : parted);
  const compiled = await samplesOf(program, same, indices, rows);
  for (const [i, { name, op }] of same.entries()) {
    const [values, expected] = [compiled[i], eager[i]!.values];
    const difference = values && expected ? relativeDifference(values, expected) : 0;
    if (!(difference <= TOLERANCE)) return `${name} (${op}), by ${difference.toExponential(1)}`;
  }
  if (parted < 0) return undefined;
  const { name, op } = recorded[parted]!;
  return `${name} (${op}), where the eager step runs ${eager[parted]?.op ?? 'nothing'}`;
}

async function samplesOf(
  program: StepProgram,
  operations: readonly RecordedOperation[],
  indices: Int32Array,
  rows: ItemArray | undefined,
): Promise<(Float32Array | undefined)[]> {
  const samples: (Float32Array | undefined)[] = [];
  const read = async (places: readonly number[]) => {
    const nodes = places.map((place) => operations[place]!.output);
    const found = await program.read(nodes, indices, 0, rows);
    for (const [i, place] of places.entries()) if (found[i] instanceof Float32Array) samples[place] = sample(found[i]);
  };
  for (let first = 0; first < READS; first++) {
    const places = [...operations.keys()].filter(
      (i) => i % READS === first && operations[i]!.output.dtype === DType.float32,
    );
    // On a GPU and in bfloat16 TensorFlow's rewriter may have put a node into its neighbour; such a one is passed over.
    if (places.length) await read(places).catch(() => eachAlone(places, read));
  }
  return samples;
}

async function eachAlone(places: readonly number[], read: (places: number[]) => Promise<void>): Promise<void> {
  for (const place of places) await read([place]).catch(() => {});
}

function sample(values: NumberArray): Float32Array {
  const step = Math.max(1, Math.floor(values.length / SAMPLES));
  return Float32Array.from({ length: Math.min(SAMPLES, values.length) }, (_, i) => values[i * step]!);
}
