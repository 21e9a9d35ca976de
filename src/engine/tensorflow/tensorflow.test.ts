import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { AppError } from '#core/errors.ts';
import { planModel, plannedWeights } from '#core/model/plan.ts';
import { ACTIVATIONS, modelSchema } from '#core/model/spec.ts';
import { batchTensors, tensorOf } from '../eager/eager-fit.ts';
import { composedOps } from '../model/composed-ops.ts';
import { differentiate } from '../model/objective.ts';
import type { Ops } from '../model/ops.ts';
import { type Problem, problemOf } from '../model/problem.ts';
import { preparePart } from '../part.ts';
import { initialState } from '../state.ts';
import { batchOf, CONV_LAYERS, convSpec, IMAGE, images, TEST_LIBRARY, THREE_CLASSES } from '../testing.ts';
import { onBackend, tf } from '../tfjs.ts';
import { attr, FLOAT } from './attributes.ts';
import { relativeDifference } from './check-step.ts';
import { DType } from './dtypes.ts';
import { explain } from './explain.ts';
import { TensorFlowError } from './ffi.ts';
import { fusedOps, nativeOps } from './fused-ops.ts';
import { GraphBuilder } from './graph.ts';
import { findLibrary } from './library.ts';
import { BACKEND, sharedRuntime } from './runtime.ts';
import { Session, turns } from './session.ts';
import { namedOutputs } from './step-program.ts';
import { openTensorFlowFit, TensorFlowEngine } from './tensorflow-engine.ts';

const library = (() => {
  try {
    return findLibrary(TEST_LIBRARY);
  } catch {
    return undefined;
  }
})();

describe.skipIf(!library)('TensorFlow’s library', () => {
  const runtime = () => sharedRuntime(library!, 2);
  const conv = { type: 'conv2d', filters: 4, kernelSize: 3, padding: 'same', bias: false };
  const head = [{ type: 'flatten' }, { type: 'dense', units: 3 }];
  const cases: [string, unknown[]][] = [
    ['all together', CONV_LAYERS],
    ['strides and even kernels', [{ ...conv, kernelSize: [4, 2], strides: [2, 3] }, ...head]],
    ['overlapping max pooling', [conv, { type: 'max_pool2d', poolSize: 3, strides: 2, padding: 'same' }, ...head]],
    ['cut average pooling', [conv, { type: 'average_pool2d', poolSize: [3, 2], strides: 2, padding: 'same' }, ...head]],
    ['global pooling', [conv, { type: 'global_average_pool2d' }, { type: 'dense', units: 3 }]],
    ['dropout', [conv, { type: 'dropout', rate: 0.5 }, ...head]],
    ['batch norm of vectors', [{ type: 'flatten' }, { type: 'batch_norm' }, { type: 'dense', units: 3 }]],
    ...ACTIVATIONS.map((activation): [string, unknown[]] => [activation, [{ ...conv, activation }, ...head]]),
  ];

  test.each(cases)('fused kernels have the loss, gradients and statistics of tfjs’s own: %s', (_, layers) => {
    const model = modelSchema.parse({ layers });
    const plan = planModel(model, IMAGE, THREE_CLASSES);
    const state = initialState(plan, convSpec({ optimizer: { kind: 'sgd', momentum: 0 }, seed: 5 }));
    const part = preparePart('train', images(12), IMAGE, THREE_CLASSES);
    const outputs = (ops: Ops) =>
      onBackend(BACKEND, () => {
        const weights = new Map(plannedWeights(plan).map(({ name }) => [name, tensorOf(state.get(name)!)]));
        const problem = problemOf(ops, convSpec({ layers, l2: 1e-3, seed: 5 }));
        const made = differentiate(problem, weights, batchTensors(part, batchOf(0, 12, 12)), tf.scalar(4, 'int32'));
        return new Map(
          [...namedOutputs(made.result, made.gradients, made.statistics)].map(([name, t]) => [
            name,
            t.dataSync().slice(),
          ]),
        );
      });
    const fused = outputs(fusedOps(runtime()));
    for (const [name, expected] of outputs(composedOps(nativeOps(runtime()))))
      expect(relativeDifference(fused.get(name)!, expected), name).toBeLessThan(1e-4);
  });

  const parts = () => {
    const part = preparePart('train', images(30), IMAGE, THREE_CLASSES);
    return { train: part, validation: part };
  };
  const problem = (ops: Ops, layers: unknown[] = CONV_LAYERS): Problem => problemOf(ops, convSpec({ layers }));

  test('a compiled step whose gradient is wrong is found out, and the run trains eagerly with the reason', async () => {
    const ops = fusedOps(runtime());
    // Right when run at once, wrong when recorded: what a mistake of the compiler would look like.
    const broken: Ops = { ...ops, bias: (x, bias) => ops.bias(x, runtime().scope ? tf.mul(bias, 0.9) : bias) };
    const fit = await openTensorFlowFit(runtime(), problem(broken), convSpec(), parts());
    expect(fit.mode.kind).toBe('eager');
    expect(fit.mode.reason).toMatch(
      /^The step is not compiled: On the first batch gradient of dense_\d\/bias differs by \d/,
    );
    // Compiled, the bias of the first dense layer is multiplied before it is added.
    expect(fit.mode.reason).toMatch(
      /the first node that differs is train12\/dense_1\/Mul \(Mul\), where the eager step runs BiasAdd\.$/,
    );
    const right = await openTensorFlowFit(runtime(), problem(ops), convSpec(), parts());
    expect(right.mode.kind).toBe('compiled');
    for (let step = 0; step < 3; step++) {
      const [eager, compiled] = [
        await fit.step(batchOf(step, 12, 30), 1e-2),
        await right.step(batchOf(step, 12, 30), 1e-2),
      ];
      expect(eager.loss).toBeCloseTo(compiled.loss, 4);
    }
    await fit.close();
    await right.close();
  });

  test('a compiled loss that is off by a thousandth is found out even where the gradients are right', async () => {
    const ops = fusedOps(runtime());
    const off: Ops = {
      ...ops,
      crossEntropy(logits, labels) {
        const each = ops.crossEntropy(logits, labels);
        return runtime().scope ? tf.add(each, 1e-3) : each;
      },
    };
    const fit = await openTensorFlowFit(runtime(), problem(off), convSpec(), parts());
    expect(fit.mode.reason).toMatch(/the loss differs by \d\.\de-4 of itself between/);
    await fit.close();
  });

  test('a compiled node that computes something else is named', async () => {
    const ops = fusedOps(runtime());
    // The same operations in the same order, one with another constant.
    const stretched: Ops = {
      ...ops,
      conv2d: (x, kernel, strides, padding) =>
        tf.mul(ops.conv2d(x, kernel, strides, padding), tf.scalar(runtime().scope ? 1.01 : 1)),
    };
    const fit = await openTensorFlowFit(runtime(), problem(stretched), convSpec(), parts());
    expect(fit.mode.reason).toMatch(/the first node that differs is train12\/conv1\/Mul \(Mul\), by \d\.\de-[23]\.$/);
    await fit.close();
  });

  test('a step that reads values back can’t be compiled and trains eagerly', async () => {
    const ops = fusedOps(runtime());
    const reading: Ops = {
      ...ops,
      bias(x, bias) {
        if (runtime().scope) bias.dataSync();
        return ops.bias(x, bias);
      },
    };
    const fit = await openTensorFlowFit(runtime(), problem(reading), convSpec(), parts());
    expect(fit.mode).toMatchObject({
      kind: 'eager',
      reason: expect.stringContaining("can't read values back"),
    });
    await fit.close();
  });

  test('a step that runs out of memory while it is opened is no reason to train eagerly', async () => {
    const ops = fusedOps(runtime());
    const greedy: Ops = {
      ...ops,
      dense() {
        throw new TensorFlowError(8, 'OOM when allocating tensor\n\t [[{{node train12/dense_1/MatMul}}]]');
      },
    };
    await expect(openTensorFlowFit(runtime(), problem(greedy), convSpec(), parts())).rejects.toThrow(
      'Out of memory in layer "dense_1" at batch size 12. A batch of 4 takes half as much and should fit; or make the layer smaller.',
    );
  });

  test('JavaScript goes on while steps run', async () => {
    const engine = new TensorFlowEngine(library!, 2);
    const layers = [
      { type: 'conv2d', filters: 64, kernelSize: 3, padding: 'same' },
      { type: 'conv2d', filters: 64, kernelSize: 3, padding: 'same' },
      ...head,
    ];
    const input = { kind: 'image', height: 32, width: 32, channels: 1 } as const;
    const train = { x: new Uint8Array(64 * 1024), y: new Int32Array(64), n: 64 };
    const fit = await engine.openFit(convSpec({ layers, input, batchSize: 64 }), train, train);
    let running = true;
    const steps = (async () => {
      for (let i = 0; i < 3; i++) await fit.step(batchOf(0, 64, 64), 1e-3);
      running = false;
    })();
    let turns = 0;
    while (running) {
      await setImmediate();
      turns++;
    }
    await steps;
    // Were the steps synchronous, the loop would turn a few times for each.
    expect(turns).toBeGreaterThan(300);
    await fit.close();
  });

  test('memory stays flat: no tensor is left behind by steps, evaluations, states, or a closed fit', async () => {
    const engine = new TensorFlowEngine(library!, 2);
    const [start, startTfjs] = [runtime().liveTensors, tf.memory().numTensors];
    const fit = await engine.openFit(convSpec(), images(30), images(30));
    const use = async (steps: number) => {
      for (let i = 0; i < steps; i++) await fit.step(batchOf(i, i % 2 ? 12 : 5, 30), 1e-3);
      await fit.evaluate('validation');
      await fit.restore(await fit.state());
      return runtime().liveTensors;
    };
    const after = await use(4);
    expect(await use(100)).toBe(after);
    await fit.close();
    expect(runtime().liveTensors).toBe(start);
    expect(tf.memory().numTensors).toBe(startTfjs);
  });

  test('short steps run in place, and everything else has its turn between them', async () => {
    const engine = new TensorFlowEngine(library!, 2);
    const fit = await engine.openFit(convSpec(), images(30), images(30));
    const before = turns.given;
    // A tenth of a second at the very least.
    for (let i = 0; i < 2_000; i++) await fit.step(batchOf(i, 12, 30), 1e-3);
    expect(turns.given - before).toBeGreaterThan(5);
    await fit.close();
  });

  test('a run that fails in place says so, and the next one works', async () => {
    const runtime = sharedRuntime(library!, 2);
    const builder = new GraphBuilder(runtime.native);
    const session = new Session(builder, runtime, { slices: 1, threads: 1 });
    const x = builder.placeholder('x', DType.float32, [1]);
    const checked = builder.node('CheckNumerics', 'checked', [x], [...FLOAT, attr.string('message', 'no number')]);
    const runner = session.runner([x], [checked]);
    const run = (value: number) => runner.run([Float32Array.of(value)]);
    for (let i = 0; i < 3; i++) expect(await run(i)).toEqual([Float32Array.of(i)]);
    await expect(run(Number.NaN)).rejects.toThrow(/no number/);
    expect(await run(7)).toEqual([Float32Array.of(7)]);
    runner.close();
    session.close();
    builder.close();
  });

  test('calls that overlap wait for each other and come back in order', async () => {
    const engine = new TensorFlowEngine(library!, 2);
    const fits = [
      await engine.openFit(convSpec(), images(30), images(30)),
      await engine.openFit(convSpec(), images(30), images(30)),
    ];
    const one = await Promise.all(Array.from({ length: 6 }, (_, i) => fits[0]!.step(batchOf(i, 12, 30), 1e-2)));
    // Eager steps of the tests above ran on two threads here: where a step runs in place it may round as they did.
    for (let i = 0; i < 6; i++)
      expect((await fits[1]!.step(batchOf(i, 12, 30), 1e-2)).loss).toBeCloseTo(one[i]!.loss, 4);
    for (const fit of fits) await fit.close();
  });
});

test('TensorFlow’s errors name the layer', () => {
  const message = (code: number, text: string) => explain(new TensorFlowError(code, text), 128);
  const oom = message(
    8,
    'OOM when allocating tensor with shape[128,93,93,32] on CPU\n\t [[{{node train128/conv1/gradient/Conv2DBackpropInput}}]]',
  );
  expect(oom).toBeInstanceOf(AppError);
  expect(oom).toMatchObject({
    code: 'unavailable',
    message:
      'Out of memory in layer "conv1" at batch size 128, for an array of 128 x 93 x 93 x 32. Make the batch or the layer smaller.',
  });
  expect(message(3, 'Incompatible shapes: [2] vs. [3]\n\t [[{{node predict/dense_1/Add}}]]')).toMatchObject({
    code: 'internal',
    message: 'TensorFlow failed in layer "dense_1": Incompatible shapes: [2] vs. [3]',
  });
  const other = new Error('not TensorFlow’s');
  expect(explain(other, 1)).toBe(other);
});

test('the library is looked for where it says', () => {
  expect(() => findLibrary('/nowhere')).toThrow(
    /libtensorflow_cc.so.2 is not in \/nowhere. Let HOLDOUT_TENSORFLOW name/,
  );
  expect(() => findLibrary(undefined, '/nowhere')).toThrow(/\/nowhere\/holdout\/tensorflow\/2.21.0-gpu-.* or .*-cpu-/);
});
