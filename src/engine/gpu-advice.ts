import { TENSORFLOW_VERSION } from './tensorflow/cache-path.ts';

/** What was found out about this machine's GPUs. */
export interface GpuFacts {
  /** NVIDIA's driver is loaded (/proc/driver/nvidia) */
  driver: boolean;
  /** the library was built with CUDA */
  cuda: boolean;
  /** GPUs that TensorFlow computes on */
  found: number;
  /** what TensorFlow wrote while it looked for GPUs */
  log: string;
}

const WHEELS = `In a Python environment run \`pip install "tensorflow[and-cuda]==${TENSORFLOW_VERSION}"\`, and let HOLDOUT_TENSORFLOW name its folder site-packages/tensorflow`;

/**
 * Why there is no GPU to train on, and how to mend it; nothing where GPUs work or the machine has none. The log's phrases are those of
 * TensorFlow's cudart_stub.cc, gpu_device.cc, dso_loader.cc and cuda_driver.cc.
 */
export function gpuAdvice({ driver, cuda, found, log }: GpuFacts): string | undefined {
  if (found > 0) return undefined;
  if (!cuda)
    return driver
      ? `This machine has an NVIDIA GPU, but TensorFlow's library here is the build without CUDA. ${WHEELS}.`
      : undefined;
  const missing = [...new Set([...log.matchAll(/Could not load dynamic library '([^']+)'/g)].map(([, name]) => name))];
  if (missing.length > 0 || /Cannot dlopen some GPU libraries/.test(log)) {
    const which = missing.length > 0 ? `: ${missing.join(', ')}` : '';
    return `TensorFlow does not find NVIDIA's libraries (CUDA 12.5, cuDNN 9.3)${which}. ${WHEELS}; or put the libraries' folders into LD_LIBRARY_PATH.`;
  }
  const old = /Ignoring visible gpu device[^\n]*compute capability:? ([\d.]+)[^\n]*/i.exec(log);
  if (old) return `TensorFlow ${TENSORFLOW_VERSION} no longer computes on this GPU: ${old[0].trim()}`;
  const init = /failed call to cuInit: ([^\n]+)/.exec(log)?.[1]?.trim();
  if (/driver version is insufficient|CUDA_ERROR_SYSTEM_DRIVER_MISMATCH/.test(log))
    return `NVIDIA's driver is too old for CUDA 12.5${init ? ` (${init})` : ''}. Install version 525 or newer.`;
  if (driver && init)
    return `NVIDIA's driver is loaded but answers "${init}". See whether \`nvidia-smi\` works; restart the machine after an update of the driver; start a container with \`--gpus all\`.`;
  if (driver)
    return 'NVIDIA’s driver is loaded, but TensorFlow sees no GPU. See whether `nvidia-smi` lists one and whether CUDA_VISIBLE_DEVICES hides it.';
  return /Could not find cuda drivers|cuInit/.test(log)
    ? "TensorFlow's library here is the build with CUDA, and this machine has no NVIDIA driver. Where it has an NVIDIA GPU, install its driver, version 525 or newer; start a container with `--gpus all`."
    : undefined;
}
