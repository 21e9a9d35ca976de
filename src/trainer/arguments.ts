import { parseArgs } from 'node:util';
import { parseDevices } from '#engine/devices.ts';
import { parseHosts } from '#engine/hosts.ts';
import type { EngineOptions } from '#engine/open-engine.ts';

/** What a trainer computes on, as its command line says it and its children are told. */
export interface ComputeArguments {
  /** "gpu:0", "gpu:0,gpu:1"; undefined: what there is */
  device?: string | undefined;
  /** "10.0.0.1:2222,10.0.0.2:2222" */
  hosts?: string | undefined;
  task: number;
}

/** Throws for an option that there is not. Positionals are the command's own name. */
export function readArguments(args: readonly string[]): ComputeArguments {
  const options = {
    device: { type: 'string' },
    hosts: { type: 'string' },
    task: { type: 'string', default: '0' },
  } as const;
  const { device, hosts, task } = parseArgs({ args: [...args], options, allowPositionals: true }).values;
  return { device, hosts, task: Number(task) };
}

/** Throws AppError `bad_request`. */
export function computeOptions({ device, hosts, task }: ComputeArguments): Pick<EngineOptions, 'devices' | 'hosts'> {
  return {
    devices: device === undefined ? undefined : parseDevices(device),
    hosts: hosts === undefined ? undefined : parseHosts(hosts, task),
  };
}
