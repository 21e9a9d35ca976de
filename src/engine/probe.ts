import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppError } from '#core/errors.ts';
import type { EngineInfo } from './engine.ts';
import { trainFirstStep } from './first-step.ts';
import { gpuAdvice } from './gpu-advice.ts';
import { type EngineOptions, openEngine } from './open-engine.ts';

export interface EngineProbe {
  /** The engine that works here, its devices and their memory; its `reason` says why this one, and how to get the native one, or the GPU, where it is not used. Open it with `prefer: info.kind`. */
  info: EngineInfo;
  /** Milliseconds from nothing to a first trained step. */
  startMs: number;
}
type Answer = EngineProbe | { error: string };
export interface Machine {
  /** NVIDIA's driver is loaded. */
  driver: boolean;
}

const TIMEOUT_MS = 120_000;

/**
 * Finds out in a child process what works: loads the engine and trains one step. A library that crashes (an old processor, a broken
 * driver) takes the child along, not the caller; the fallback is tried then. Throws AppError `unavailable` when no engine works, or
 * the GPU that `options` names does not.
 */
export async function probeEngine(
  options: EngineOptions = {},
  machine: Machine = { driver: hasNvidiaDriver() },
): Promise<EngineProbe> {
  const { probe, log } = await probeInChild(options);
  if ('info' in probe) return withAdvice(probe, options, machine, log);
  if (options.prefer === 'wasm') throw new AppError('unavailable', probe.error, { details: { stderr: log } });
  if (options.devices?.kind === 'gpu') {
    const { info } = await probeEngine({ ...options, devices: undefined }, machine);
    throw new AppError('unavailable', `${probe.error} ${info.reason}`, { details: { stderr: log } });
  }
  const fallback = await probeEngine({ ...options, prefer: 'wasm' }, machine);
  const reason = `TensorFlow's library does not work here, so training is about ten times slower: ${probe.error}`;
  return { ...fallback, info: { ...fallback.info, reason } };
}

/** NVIDIA's driver shows itself in /proc, in Windows' Linux by its library. */
export function hasNvidiaDriver(): boolean {
  return existsSync('/proc/driver/nvidia/version') || existsSync('/usr/lib/wsl/lib/libcuda.so.1');
}

/** What TensorFlow computes on, and why not on a GPU where there seems to be one. */
function withAdvice(probe: EngineProbe, { devices }: EngineOptions, machine: Machine, log: string): EngineProbe {
  const { info } = probe;
  if (info.kind !== 'tensorflow') return probe;
  const names = [...new Set([...log.matchAll(/name: ([^,]+), pci bus id/g)].map(([, name]) => name!))];
  const found = info.devices.filter((name) => name.startsWith('gpu')).length;
  const advice = devices?.kind === 'cpu' ? undefined : gpuAdvice({ ...machine, cuda: info.cuda, found, log });
  const reason = [info.reason, names.length > 0 && `${names.join(', ')}.`, advice].filter(Boolean).join(' ');
  return { ...probe, info: { ...info, reason } };
}

function probeInChild(options: EngineOptions): Promise<{ probe: Answer; log: string }> {
  const child = fork(fileURLToPath(import.meta.url), [CHILD, JSON.stringify(options)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  return new Promise((resolve) => {
    let log = '';
    let answer: Answer | undefined;
    let problem: string | undefined;
    child.stderr?.on('data', (text) => {
      log = (log + text).slice(-64_000);
    });
    const timer = setTimeout(() => {
      problem = `It did not train one step within ${TIMEOUT_MS / 1000} s.`;
      child.kill('SIGKILL');
    }, TIMEOUT_MS);
    child.on('error', (error) => {
      problem = error.message;
    });
    child.on('message', (message: Answer) => {
      answer = message;
    });
    // Once it has ended, all that it wrote has been read.
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const words =
        signal === 'SIGILL'
          ? 'the processor lacks instructions that it was built for (AVX)'
          : log.trim().split('\n').at(-1);
      problem ??= `Its process ended with ${signal ?? `code ${code}`}${words ? `: ${words}` : ''}.`;
      resolve({ probe: answer ?? { error: problem }, log });
    });
  });
}

const CHILD = '--probe-engine';

if (process.argv[2] === CHILD && process.send) {
  // What TensorFlow says of GPUs that it can't use is in its log alone, and there only as information.
  // biome-ignore lint/style/noProcessEnv: it reads no setting, it makes one for the library
  process.env.TF_CPP_MIN_LOG_LEVEL = '0';
  const answer: Answer = await probe(JSON.parse(process.argv[3]!)).catch((error) => ({ error: error.message }));
  process.send(answer, () => process.exit(0));
}

async function probe(options: EngineOptions): Promise<EngineProbe> {
  const start = performance.now();
  const engine = await openEngine(options);
  await trainFirstStep(engine);
  return { info: engine.info, startMs: performance.now() - start };
}
