import { createHash } from 'node:crypto';
import { existsSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { LIBRARY_FILE, libraryCacheFolder, TENSORFLOW_VERSION } from '../../src/engine/tensorflow/cache-path.ts';
import { waitForLock } from '../setup/lock.ts';
import { task } from '../setup/progress.ts';
import { fetchWheel, findPip } from './fetch-wheel.ts';
import { unpack } from './unpack.ts';

/** Where TensorFlow's library is, or in one sentence why there is none. */
export type Provided = { folder: string } | { reason: string };

const WHEEL_PLATFORMS: Partial<Record<string, string[]>> = {
  'linux-x64': ['manylinux_2_27_x86_64', 'manylinux_2_17_x86_64', 'manylinux2014_x86_64'],
  'linux-arm64': ['manylinux_2_27_aarch64', 'manylinux_2_17_aarch64', 'manylinux2014_aarch64'],
};

/**
 * Makes sure that TensorFlow's C library is there: the one that HOLDOUT_TENSORFLOW names (a folder, wheel, zip or
 * tarball), else the cache's, else the wheel's from pip's index. Never stops a start: without it training runs on
 * the fallback engine. Throws only when HOLDOUT_TENSORFLOW names something that is no use.
 */
export async function provideTensorFlow(environment = process.env): Promise<Provided> {
  const cache = environment.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  const named = environment.HOLDOUT_TENSORFLOW;
  if (named) return { folder: await fromNamed(path.resolve(named), cache) };
  const folder = libraryCacheFolder('cpu', cache);
  const present = () => [libraryCacheFolder('gpu', cache), folder].find((f) => existsSync(path.join(f, LIBRARY_FILE)));
  const before = present();
  if (before) return { folder: before };
  const platforms = WHEEL_PLATFORMS[`${process.platform}-${process.arch}`];
  if (!platforms) return { reason: `there is no TensorFlow wheel for ${process.platform}-${process.arch}` };

  const progress = task('Getting TensorFlow');
  const lock = await waitForLock(`tensorflow:${folder}`, () => progress.update('another start is getting it; waiting'));
  try {
    const meanwhile = present();
    if (meanwhile) {
      progress.done();
      return { folder: meanwhile };
    }
    const pip = await findPip();
    if (!pip) throw new Error('there is no pip on this machine');
    const downloads = path.join(path.dirname(folder), 'downloads');
    const requirement = `tensorflow-cpu==${TENSORFLOW_VERSION}`;
    const wheel = await fetchWheel(pip, { requirement, platforms, folder: downloads, onProgress: progress.update });
    await unpack(wheel, folder, (fraction) => progress.update('unpacking and checking', fraction)).catch((error) => {
      // What is damaged must not be taken for whole at the next start.
      rmSync(wheel, { force: true });
      throw error;
    });
    rmSync(downloads, { recursive: true, force: true });
    progress.done();
    return { folder };
  } catch (error) {
    const reason = lastLine(error);
    progress.fail(
      `not to be had: ${reason}. Training will use the slower fallback engine. The next start tries again.`,
    );
    return { reason };
  } finally {
    lock.release();
  }
}

async function fromNamed(named: string, cache: string): Promise<string> {
  const stat = statSync(named, { throwIfNoEntry: false });
  const advice = `Let it name a folder that holds ${LIBRARY_FILE}, or TensorFlow's wheel or tarball, or unset it.`;
  if (!stat) throw new Error(`HOLDOUT_TENSORFLOW names ${named}, which is not there. ${advice}`);
  if (stat.isDirectory()) {
    if (existsSync(path.join(named, LIBRARY_FILE))) return named;
    throw new Error(`HOLDOUT_TENSORFLOW names ${named}, which holds no ${LIBRARY_FILE}. ${advice}`);
  }
  if (!/\.(whl|zip|tar\.gz|tgz|tar)$/.test(named)) {
    throw new Error(`HOLDOUT_TENSORFLOW names ${named}, which is no wheel, zip or tarball. ${advice}`);
  }
  const id = createHash('sha256').update(`${named}\0${stat.size}\0${stat.mtimeMs}`).digest('hex').slice(0, 12);
  const folder = path.join(cache, 'holdout', 'tensorflow', `named-${id}`);
  if (existsSync(path.join(folder, LIBRARY_FILE))) return folder;
  const progress = task(`Unpacking ${path.basename(named)}`);
  try {
    await unpack(named, folder, (fraction) => progress.update('', fraction));
    progress.done();
    return folder;
  } catch (error) {
    progress.fail('failed');
    throw new Error(`HOLDOUT_TENSORFLOW: ${lastLine(error)}. ${advice}`);
  }
}

/** The last line of a failed program's words is the one that says why. */
function lastLine(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).trim().split('\n');
  return (lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? '').trim().replace(/\.$/, '');
}
