import { plannedWeights } from '#core/model/plan.ts';
import { chunkSize, chunks } from '../chunks.ts';
import type { ItemArray, TensorMap } from '../engine.ts';
import { forward } from '../model/forward.ts';
import type { Problem } from '../model/problem.ts';
import { joined, sharesOf } from '../model/shares.ts';
import { tf } from '../tfjs.ts';
import { bytesToFloat } from './batch-nodes.ts';
import { dtypeOf } from './dtypes.ts';
import { GraphBuilder } from './graph.ts';
import type { Runtime } from './runtime.ts';
import { Session } from './session.ts';
import { Variables } from './variables.ts';

/** What the last layer of the plan gives, float32 [n, ...], by a graph that is made for this call. */
export async function predictCompiled(
  runtime: Runtime,
  { ops, plan }: Pick<Problem, 'ops' | 'plan'>,
  weights: TensorMap,
  x: ItemArray,
  n: number,
): Promise<Float32Array> {
  const builder = new GraphBuilder(runtime.native);
  const slices = runtime.onGpu ? 1 : runtime.threads;
  const session = new Session(builder, runtime, { slices, threads: runtime.threads / slices });
  try {
    const variables = new Variables(builder, session);
    await variables.addAll(weights);
    const width = x.length / n;
    const size = chunkSize(n, width);
    const input = builder.placeholder('predict/x', dtypeOf(x), [size, ...plan[0]!.input]);
    const answer = runtime.trace(builder, 'predict', ({ tensor, node }) => {
      const read = new Map(plannedWeights([...plan]).map(({ name }) => [name, tensor(variables.read(name))]));
      const float = x instanceof Uint8Array ? bytesToFloat(builder, 'predict/input', input) : input;
      const xs = sharesOf(size, slices).map(({ start, items }) => tf.slice(tensor(float), start, items));
      return node(joined(forward(ops, plan, read, xs, { training: false }).answers));
    });
    const units = plan.at(-1)!.output.reduce((a, b) => a * b, 1);
    const answers = new Float32Array(n * units);
    const runner = session.runner([input], [answer]);
    const rows = x instanceof Uint8Array ? new Uint8Array(size * width) : new Float32Array(size * width);
    let done = 0;
    try {
      for (const { counted } of chunks(n, size)) {
        rows.set(x.subarray(done * width, (done + counted) * width));
        const [chunk] = await runner.run([rows]);
        answers.set(chunk!.subarray(0, counted * units), done * units);
        done += counted;
      }
    } finally {
      runner.close();
    }
    return answers;
  } finally {
    session.close();
    builder.close();
  }
}
