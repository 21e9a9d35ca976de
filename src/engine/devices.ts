import { AppError } from '#core/errors.ts';
import type { EngineInfo, FitSpec } from './engine.ts';

/** The devices that one engine computes on: one kind, each by its number on this machine. */
export interface Devices {
  kind: 'cpu' | 'gpu';
  indices: number[];
}

/**
 * "cpu", "gpu:0" or several of one kind, "gpu:0,gpu:1". Several CPUs are TensorFlow's virtual ones: no faster, but a way to try what needs
 * several devices. Throws AppError `bad_request`.
 */
export function parseDevices(text: string): Devices {
  const found = text.split(',').map((name) => /^(cpu|gpu)(?::(\d{1,2}))?$/.exec(name.trim().toLowerCase()));
  const kinds = new Set(found.map((match) => match?.[1]));
  const indices = found.map((match) => Number(match?.[2] ?? 0));
  const [kind] = kinds;
  if (kinds.size !== 1 || (kind !== 'cpu' && kind !== 'gpu') || new Set(indices).size < indices.length)
    throw new AppError(
      'bad_request',
      `"${text}" names no devices. Give cpu, a GPU such as gpu:0, or several GPUs such as gpu:0,gpu:1, each once.`,
    );
  return { kind, indices };
}

/** Throws AppError `invalid_data` where a run asks for more devices than there are, or for a precision that they don't have. */
export function checkDevices(
  { replicas = 1, precision = 'float32' }: Pick<FitSpec, 'replicas' | 'precision'>,
  { devices, bf16 }: Pick<EngineInfo, 'devices' | 'bf16'>,
): void {
  if (precision === 'bf16' && !bf16)
    throw new AppError(
      'invalid_data',
      `This trainer (${devices.join()}) does not compute in bfloat16: that takes TensorFlow on a processor with AVX-512 BF16 or AMX. Set precision to float32.`,
    );

  if (replicas > devices.length)
    throw new AppError(
      'invalid_data',
      `The run is to be spread over ${replicas} devices; this trainer has ${devices.length === 1 ? `one, ${devices[0]}` : devices.length}. Set replicas to ${devices.length}, or start a trainer with more: npm run trainer -- --device gpu:0,gpu:1.`,
    );
}

export function deviceNames({ kind, indices }: Devices): string[] {
  return indices.map((index) => `${kind}:${index}`);
}
