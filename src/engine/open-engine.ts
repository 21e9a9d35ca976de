import { availableParallelism } from 'node:os';
import type { Devices } from './devices.ts';
import type { Engine } from './engine.ts';
import type { Hosts } from './hosts.ts';
import { findLibrary } from './tensorflow/library.ts';

export interface EngineOptions {
  /** Folder of libtensorflow_cc.so.2 (HOLDOUT_TENSORFLOW); undefined: the shared cache. */
  libDir?: string | undefined;
  /** XDG_CACHE_HOME; undefined: ~/.cache. */
  cacheHome?: string | undefined;
  /** Of one step; undefined: one a core. TensorFlow makes them once a process. */
  threads?: number | undefined;
  /** undefined: every GPU that TensorFlow finds, else the CPU. TensorFlow makes them once a process. */
  devices?: Devices | undefined;
  /** Other machines that runs may be spread over, one replica each, this one first. */
  hosts?: Hosts | undefined;
  /** "wasm" leaves TensorFlow's library alone even where it works. */
  prefer?: 'tensorflow' | 'wasm' | undefined;
}

/**
 * The best engine that runs here: TensorFlow's library, else tfjs on WebAssembly, whose `info.reason` says what was tried and how to mend it.
 * A library that crashes takes its process along: train in a child, and probe first.
 */
export async function openEngine({
  libDir,
  cacheHome,
  threads,
  devices,
  hosts,
  prefer,
}: EngineOptions = {}): Promise<Engine> {
  let reason = 'The fallback was asked for.';
  if (prefer !== 'wasm') {
    try {
      const file = findLibrary(libDir, cacheHome);
      const { TensorFlowEngine } = await import('./tensorflow/tensorflow-engine.ts');
      return new TensorFlowEngine(file, threads ?? availableParallelism(), devices, hosts);
    } catch (error) {
      // Who names a GPU does not want WebAssembly instead.
      if (devices?.kind === 'gpu' || hosts) throw error;
      reason = `TensorFlow's library did not start, so training is about ten times slower: ${error instanceof Error ? error.message : error}`;
    }
  }
  const { WasmEngine } = await import('./wasm/wasm-engine.ts');
  return WasmEngine.open(reason);
}
