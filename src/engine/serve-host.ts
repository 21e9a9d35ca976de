import { availableParallelism } from 'node:os';
import type { Hosts } from './hosts.ts';
import type { EngineOptions } from './open-engine.ts';
import { findLibrary } from './tensorflow/library.ts';

/** Lends this machine's device to the runs of the first host, for as long as the process lives. TensorFlow's server asks nobody who they are. */
export async function serveHost(options: EngineOptions & { hosts: Hosts }): Promise<void> {
  const { libDir, cacheHome, threads = availableParallelism(), devices, hosts } = options;
  const { sharedRuntime } = await import('./tensorflow/runtime.ts');
  sharedRuntime(findLibrary(libDir, cacheHome), threads, devices, hosts).serve(hosts);
}
