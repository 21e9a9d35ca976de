import { open } from 'node:fs/promises';
import type { Pool } from 'pg';
import { count } from '#core/format/numbers.ts';
import { itemReport } from '#core/metric/item-report.ts';
import { inputShape } from '#core/model/plan.ts';
import { type InputSpec, outputUnits } from '#core/model/spec.ts';
import { isCheck } from '#core/run/modes.ts';
import { putItemReport } from '#db/runs/item-report.ts';
import { type Held, LeaseLostError } from '#db/runs/queue.ts';
import type { ItemArray, PartArrays } from '#engine/engine.ts';
import { persist } from './persist.ts';
import type { Prepared } from './prepare.ts';
import type { RunWriter } from './run-writer.ts';

/** Numbers that all answers together may be: half a gigabyte. A process that dies of them would take a run that is trained along. */
const MOST_ANSWERS = 2 ** 27;

/**
 * What the best weights answer to each item of the validation part, for the run's page. Its failure is a line of the log, never the run's.
 * @param saving whether those weights could be saved: a report on what nobody has is not kept
 */
export async function reportItems(
  prepared: Prepared,
  pool: Pool,
  held: Held,
  writer: RunWriter,
  saving: Promise<{ kept: boolean }>,
): Promise<void> {
  const { engine, model, input, task, validation, checkpointer, plan } = prepared;
  const { best } = checkpointer;
  if (!best || isCheck(plan.config)) return;
  const numbers = validation.n * outputUnits(task);
  if (numbers > MOST_ANSWERS) {
    const what = `${count(validation.n)} validation items with ${count(outputUnits(task))} answers each`;
    return writer.log('warning', `Worst items and confusion are left out: ${what} are more than memory is kept for.`);
  }
  try {
    const answers: Float32Array[] = [];
    for await (const { x, n } of inMemory(validation, input))
      answers.push(await engine.predict(model, input, task, best.weights, x, n));
    const report = itemReport(task, joined(answers), validation.y, best.epoch);
    if ((await saving).kept) await persist(() => putItemReport(pool, held, report));
  } catch (error) {
    if (error instanceof LeaseLostError) throw error;
    console.error(error);
    writer.log('warning', `Its worst validation items could not be found: ${(error as Error).message}`);
  }
}

/** A part that lies in its file is read in pieces of this many bytes at most, or one item. */
const PIECE = 128 * 2 ** 20;

async function* inMemory({ x, n }: PartArrays, input: InputSpec): AsyncGenerator<{ x: ItemArray; n: number }> {
  if (!('file' in x)) return yield { x, n };
  const image = input.kind === 'image';
  const itemBytes = inputShape(input).reduce((a, b) => a * b, image ? 1 : 4);
  const most = Math.max(1, Math.floor(PIECE / itemBytes));
  const file = await open(x.file);
  try {
    for (let from = 0; from < n; from += most) {
      const items = Math.min(most, n - from);
      const bytes = new Uint8Array(items * itemBytes);
      await file.read(bytes, 0, bytes.length, x.begin + from * itemBytes);
      yield { x: image ? bytes : new Float32Array(bytes.buffer), n: items };
    }
  } finally {
    await file.close();
  }
}

function joined(pieces: readonly Float32Array[]): Float32Array {
  if (pieces.length === 1) return pieces[0]!;
  const all = new Float32Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
