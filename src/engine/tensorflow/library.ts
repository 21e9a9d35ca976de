import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#core/errors.ts';
import { LIBRARY_FILE, libraryCacheFolder } from './cache-path.ts';

/**
 * The file to load: in `libDir` when given (nothing else is tried then), else the cache's GPU build, else its CPU build.
 * Throws AppError `unavailable` that says where it looked and how to get the library.
 */
export function findLibrary(libDir?: string, cacheHome?: string): string {
  const folders = libDir ? [libDir] : [libraryCacheFolder('gpu', cacheHome), libraryCacheFolder('cpu', cacheHome)];
  for (const folder of folders) {
    const file = join(folder, LIBRARY_FILE);
    if (existsSync(file)) return file;
  }
  throw new AppError(
    'unavailable',
    libDir
      ? `${LIBRARY_FILE} is not in ${libDir}. Let HOLDOUT_TENSORFLOW name the folder that holds it, or unset it to use the downloaded one.`
      : `TensorFlow's library is not in ${folders.join(' or ')}. \`npm start\` downloads it; without a network, put ${LIBRARY_FILE} and libtensorflow_framework.so.2 there, or let HOLDOUT_TENSORFLOW name their folder.`,
  );
}
