import { expect, test } from 'vitest';
import { type GpuFacts, gpuAdvice } from './gpu-advice.ts';

const facts = (change: Partial<GpuFacts>): GpuFacts => ({ driver: true, cuda: true, found: 0, log: '', ...change });

test.each<[string, Partial<GpuFacts>, RegExp]>([
  ['the build without CUDA', { cuda: false }, /build without CUDA.*pip install "tensorflow\[and-cuda\]==2\.21\.0"/],
  [
    'libraries that the log names',
    {
      log:
        "W dso_loader.cc:60] Could not load dynamic library 'libcudnn.so.9'; dlerror: libcudnn.so.9: cannot open shared object file\n" +
        "W dso_loader.cc:60] Could not load dynamic library 'libcusolver.so.11'; dlerror: ...\n" +
        "W dso_loader.cc:60] Could not load dynamic library 'libcudnn.so.9'; dlerror: ...\n" +
        'W gpu_device.cc:2251] Cannot dlopen some GPU libraries. Please make sure ...\nSkipping registering GPU devices...',
    },
    /does not find .*: libcudnn\.so\.9, libcusolver\.so\.11\. .*LD_LIBRARY_PATH/,
  ],
  ['libraries that it does not name', { log: 'Cannot dlopen some GPU libraries.' }, /cuDNN 9\.3\)\. In a Python/],
  [
    'a driver that fails',
    { log: 'E cuda_driver.cc:152] failed call to cuInit: CUDA_ERROR_UNKNOWN: unknown error\n' },
    /answers "CUDA_ERROR_UNKNOWN: unknown error".*nvidia-smi/,
  ],
  [
    'a driver that is too old',
    { log: 'failed call to cuInit: INTERNAL\nCUDA driver version is insufficient for CUDA runtime version' },
    /too old for CUDA 12\.5 \(INTERNAL\)\. Install version 525/,
  ],
  [
    'a GPU that is too old',
    {
      log: 'I gpu_device.cc:2294] Ignoring visible gpu device (device: 0, name: Tesla K40, compute capability: 3.5) with Cuda compute capability 3.5. The minimum required Cuda capability is 6.0.',
    },
    /no longer computes on this GPU: .*Tesla K40.*required Cuda capability is 6\.0/,
  ],
  [
    'no driver',
    { driver: false, log: 'Could not find cuda drivers on your machine, GPU will not be used.' },
    /no NVIDIA driver/,
  ],
  ['nothing said', {}, /CUDA_VISIBLE_DEVICES/],
])('says why no GPU is used and how to mend it: %s', (_, change, words) => {
  expect(gpuAdvice(facts(change))).toMatch(words);
});

test('says nothing where GPUs work, and where there is none to use', () => {
  expect(gpuAdvice(facts({ found: 2, log: 'Cannot dlopen some GPU libraries.' }))).toBeUndefined();
  expect(gpuAdvice(facts({ driver: false, cuda: false }))).toBeUndefined();
});
