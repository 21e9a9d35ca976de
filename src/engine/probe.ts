import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AppError } from '#core/errors.ts';
import type { EngineInfo } from './engine.ts';
import { type EngineOptions, openEngine } from './open-engine.ts';

export interface EngineProbe {
  /** The engine that works here; its `reason` says why this one, and how to get the native one where it is the fallback. Open it with `prefer: info.kind`. */
  info: EngineInfo;
  /** Milliseconds from nothing to a first trained step. */
  startMs: number;
}

const TIMEOUT_MS = 120_000;

/**
 * Finds out in a child process what works: loads the engine and trains one step. A library that crashes (an old processor, a broken
 * driver) takes the child along, not the caller; the fallback is tried then. Throws AppError `unavailable` when no engine works.
 */
export async function probeEngine(options: EngineOptions = {}): Promise<EngineProbe> {
  try {
    return await probeInChild(options);
  } catch (error) {
    if (options.prefer === 'wasm') throw error;
    const probe = await probeInChild({ ...options, prefer: 'wasm' });
    const problem = error instanceof Error ? error.message : String(error);
    const reason = `TensorFlow's library does not work here, so training is about ten times slower: ${problem}`;
    return { ...probe, info: { ...probe.info, reason } };
  }
}

function probeInChild(options: EngineOptions): Promise<EngineProbe> {
  const child = fork(fileURLToPath(import.meta.url), [CHILD, JSON.stringify(options)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    let log = '';
    child.stderr?.on('data', (text) => {
      log = (log + text).slice(-4000);
    });
    const fail = (message: string) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new AppError('unavailable', message, { details: { stderr: log } }));
    };
    const timer = setTimeout(() => fail(`It did not train one step within ${TIMEOUT_MS / 1000} s.`), TIMEOUT_MS);
    child.on('error', (error) => fail(error.message));
    child.on('message', (probe: EngineProbe) => {
      clearTimeout(timer);
      resolve(probe);
    });
    child.on('exit', (code, signal) => {
      const words =
        signal === 'SIGILL'
          ? 'the processor lacks instructions that it was built for (AVX)'
          : log.trim().split('\n').at(-1);
      fail(`Its process ended with ${signal ?? `code ${code}`}${words ? `: ${words}` : ''}.`);
    });
  });
}

const CHILD = '--probe-engine';

if (process.argv[2] === CHILD && process.send) {
  const start = performance.now();
  const engine = await openEngine(JSON.parse(process.argv[3]!));
  const fit = await engine.openFit(
    {
      model: { layers: [{ type: 'dense', units: 2, activation: 'linear', bias: true }] },
      input: { kind: 'vector', features: 1 },
      task: { kind: 'classification', classes: 2 },
      optimizer: { kind: 'sgd', momentum: 0, nesterov: false },
      l2: 0,
      batchSize: 2,
      seed: 0,
    },
    { x: Float32Array.of(0, 1), y: Int32Array.of(0, 1), n: 2 },
    { x: Float32Array.of(0, 1), y: Int32Array.of(0, 1), n: 2 },
  );
  const { loss } = await fit.step(Int32Array.of(0, 1), 0.1);
  if (!Number.isFinite(loss)) throw new Error(`A step of two items gave a loss of ${loss}`);
  const probe: EngineProbe = { info: engine.info, startMs: performance.now() - start };
  process.send(probe, () => process.exit(0));
}
