import type { Precision } from '#core/config/run-config.ts';
import { ON_CALLING_THREAD } from './config.ts';
import type { NumberArray } from './dtypes.ts';
import { type Native, type Output, outputWords, type Pointer } from './ffi.ts';
import type { GraphBuilder, Node, Target } from './graph.ts';
import type { Runtime } from './runtime.ts';
import type { Threading } from './threads.ts';
import { Turns } from './turns.ts';

/** A TF_Session on a graph that may still grow: operations added later are taken up by the next run. Variables live here. */
export class Session {
  readonly native: Native;
  readonly #session: Pointer;
  /** TF_Buffer of RunOptions, or null. With one thread there is nobody to hand operations to: they run where the call does. */
  readonly #options: Pointer | null;
  readonly #local: boolean;

  /** @param target where several hosts are reached; undefined: this process alone */
  constructor(builder: GraphBuilder, runtime: Runtime, threading: Threading, precision?: Precision, target?: string) {
    const { native } = builder;
    this.native = native;
    this.#local = target === undefined;
    const alone = threading.slices * threading.threads === 1;
    this.#options =
      alone && this.#local ? native.c.TF_NewBufferFromString(ON_CALLING_THREAD, ON_CALLING_THREAD.length) : null;
    const rewriter = precision === 'bf16' ? 'bf16' : runtime.onGpu ? 'on' : 'off';
    const config = runtime.sessionConfig(threading.threads, rewriter);
    const options = native.c.TF_NewSessionOptions();
    try {
      if (target) native.c.TF_SetTarget(options, target);
      native.checked((s) => native.c.TF_SetConfig(options, config, config.length, s));
      this.#session = native.checked((s) => native.c.TF_NewSession(builder.graph, options, s));
    } finally {
      native.c.TF_DeleteSessionOptions(options);
    }
  }

  /** A prepared call: feeds, fetches and targets fixed, argument memory reused by every run. */
  runner(feeds: readonly Node[], fetches: readonly Output[], targets: readonly Target[] = []): Runner {
    return new Runner(this.native, this.#session, this.#options, this.#local, feeds, fetches, targets);
  }

  /** One call that is made once, such as setting variables. */
  async run(
    feeds: readonly (readonly [Node, NumberArray])[],
    fetches: readonly Output[],
    targets: readonly Target[] = [],
  ): Promise<NumberArray[]> {
    const runner = this.runner(
      feeds.map(([node]) => node),
      fetches,
      targets,
    );
    try {
      return await runner.run(feeds.map(([, data]) => data));
    } finally {
      runner.close();
    }
  }

  close(): void {
    const { native } = this;
    native.checked((s) => native.c.TF_CloseSession(this.#session, s));
    native.checked((s) => native.c.TF_DeleteSession(this.#session, s));
    if (this.#options) native.c.TF_DeleteBuffer(this.#options);
  }
}

/** A run that takes less is made in place: handing it to a thread and its answer back takes a tenth of a millisecond. */
const SHORT_MS = 4;
/** Between short runs the rest of JavaScript has its turn as often, ms. */
export const turns = new Turns(10);

export class Runner {
  readonly #native: Native;
  /** Whoever computes is in this process, so that no run waits for a network. */
  readonly #local: boolean;
  /** as the last run was */
  #short = false;
  readonly #feeds: Pointer[];
  readonly #fetches: BigUint64Array;
  readonly #arguments: unknown[];
  readonly #release: () => void;
  readonly #status: Pointer;
  #running = false;

  constructor(
    native: Native,
    session: Pointer,
    options: Pointer | null,
    local: boolean,
    feeds: readonly Node[],
    fetches: readonly Output[],
    targets: readonly Target[],
  ) {
    this.#native = native;
    this.#local = local;
    this.#status = native.c.TF_NewStatus();
    // The same tensors are fed in every run: writing 256 bytes in place is cheaper than a new tensor, and nothing in a graph may write to what is fed.
    this.#feeds = feeds.map(({ dtype, shape }) => native.newTensor(dtype, shape));
    const inputs = native.shared(2 * feeds.length);
    outputWords(feeds, inputs.values);
    const inputValues = native.shared(feeds.length);
    inputValues.values.set(this.#feeds);
    const outputs = native.shared(2 * fetches.length);
    outputWords(fetches, outputs.values);
    const outputValues = native.shared(fetches.length);
    this.#fetches = outputValues.values.subarray(0, fetches.length);
    const operations = native.shared(targets.length);
    operations.values.set(targets.map((t) => t.oper));
    this.#arguments = [
      session,
      options,
      inputs.address,
      inputValues.address,
      feeds.length,
      outputs.address,
      outputValues.address,
      fetches.length,
      operations.address,
      targets.length,
      null,
      this.#status,
    ];
    this.#release = () => {
      for (const memory of [inputs, inputValues, outputs, outputValues, operations]) memory.free();
    };
  }

  /**
   * Runs on a worker thread, and JavaScript goes on meanwhile; in place where the last run was a short one. One run at a time.
   * Throws TensorFlowError.
   */
  async run(values: readonly NumberArray[]): Promise<NumberArray[]> {
    if (this.#running) throw new Error('This call is still running');
    this.#running = true;
    try {
      if (this.#short) await turns.give();
      values.forEach((data, i) => {
        this.#native.writeTensor(this.#feeds[i]!, data);
      });
      this.#fetches.fill(0n);
      const start = performance.now();
      if (this.#short) this.#native.c.TF_SessionRun(...this.#arguments);
      else await this.#onWorker();
      this.#short = this.#local && performance.now() - start < SHORT_MS;
      this.#native.check(this.#status);
      return Array.from(this.#fetches, (tensor) => this.#native.takeTensor(tensor));
    } finally {
      this.#running = false;
    }
  }

  #onWorker(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#native.c.TF_SessionRun.async(...this.#arguments, (error: unknown) => (error ? reject(error) : resolve()));
    });
  }

  close(): void {
    for (const tensor of this.#feeds) this.#native.deleteTensor(tensor);
    this.#native.c.TF_DeleteStatus(this.#status);
    this.#release();
  }
}
