import { arch, homedir, platform } from 'node:os';
import { join } from 'node:path';

/** The release that the engine is written and tested against. */
export const TENSORFLOW_VERSION = '2.21.0';
export const LIBRARY_FILE = 'libtensorflow_cc.so.2';

/**
 * The folder, shared by all installations of one user, that holds TensorFlow's C library:
 * ~/.cache/holdout/tensorflow/2.21.0-cpu-linux-x64. `cacheHome` is XDG_CACHE_HOME where set.
 */
export function libraryCacheFolder(flavour: 'cpu' | 'gpu', cacheHome = join(homedir(), '.cache')): string {
  return join(cacheHome, 'holdout', 'tensorflow', `${TENSORFLOW_VERSION}-${flavour}-${platform()}-${arch()}`);
}
