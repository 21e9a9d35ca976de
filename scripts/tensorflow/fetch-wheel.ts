import { fork } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { run } from '../setup/run.ts';

export interface WheelRequest {
  /** a requirement, such as tensorflow-cpu==2.21.0 */
  requirement: string;
  platforms: string[];
  /** folder for what is being downloaded; kept, so that a broken download goes on where it stopped */
  folder: string;
  onProgress(detail: string, fraction?: number): void;
}

/** How this machine calls pip; null where there is none. */
export async function findPip(): Promise<[string, ...string[]] | null> {
  for (const [command, ...first] of [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']] as [
    string,
    ...string[],
  ][]) {
    try {
      await run(command, [...first, '--version']);
      return [command, ...first];
    } catch {
      // The next name.
    }
  }
  return null;
}

/**
 * The wheel's path. pip says where the wheel is, by its own configured index; Node then downloads it, because pip
 * can't go on with a broken download. Where Node can't reach what pip names, pip downloads it itself.
 */
export async function fetchWheel(pip: [string, ...string[]], request: WheelRequest): Promise<string> {
  const { folder, requirement, platforms, onProgress } = request;
  mkdirSync(folder, { recursive: true });
  const platformFlags = platforms.flatMap((p) => ['--platform', p]);
  const what = [
    '--no-deps',
    '--only-binary=:all:',
    '--python-version',
    '3.12',
    '--implementation',
    'cp',
    ...platformFlags,
  ];
  const [command, ...first] = pip;
  onProgress('asking pip where it is');
  const target = path.join(folder, 'unused');
  const flags = ['install', '--dry-run', '--quiet', '--ignore-installed', '--report', '-', '--target', target];
  let found: { url: string; sha256?: string } | undefined;
  try {
    found = parseReport(
      await run(command, [...first, ...flags, ...what, '--retries', '1', '--timeout', '20', requirement]),
    );
  } catch (error) {
    // A pip before 22.2 knows no report: let it download. Any other failure is final.
    if (!/no such option/.test(String(error))) throw error;
  }
  if (found && /^https?:/.test(found.url)) {
    const file = path.join(folder, path.basename(new URL(found.url).pathname));
    try {
      if (!existsSync(file)) await download(found.url, file, found.sha256, await certificates(pip), onProgress);
      return file;
    } catch (error) {
      onProgress(`${(error as Error).message}; letting pip download it`);
    }
  }
  return pipDownload(pip, [...what, requirement], folder, onProgress);
}

export function parseReport(report: string): { url: string; sha256?: string } | undefined {
  const { install } = JSON.parse(report.slice(report.indexOf('{'), report.lastIndexOf('}') + 1)) as {
    install?: { download_info?: { url: string; archive_info?: { hashes?: { sha256?: string } } } }[];
  };
  const info = install?.[0]?.download_info;
  if (!info) return undefined;
  const sha256 = info.archive_info?.hashes?.sha256;
  return sha256 ? { url: info.url, sha256 } : { url: info.url };
}

async function certificates(pip: [string, ...string[]]): Promise<string | undefined> {
  const { PIP_CERT, REQUESTS_CA_BUNDLE, NODE_EXTRA_CA_CERTS } = process.env;
  if (NODE_EXTRA_CA_CERTS ?? PIP_CERT ?? REQUESTS_CA_BUNDLE)
    return NODE_EXTRA_CA_CERTS ?? PIP_CERT ?? REQUESTS_CA_BUNDLE;
  const [command, ...first] = pip;
  return run(command, [...first, 'config', 'get', 'global.cert']).then(
    (text) => text.trim() || undefined,
    () => undefined,
  );
}

async function download(
  url: string,
  file: string,
  sha256: string | undefined,
  certificate: string | undefined,
  onProgress: WheelRequest['onProgress'],
) {
  const child = fork(path.join(import.meta.dirname, 'download.ts'), [url, file, ...(sha256 ? [sha256] : [])], {
    silent: true,
    env: { ...process.env, NODE_USE_ENV_PROXY: '1', ...(certificate ? { NODE_EXTRA_CA_CERTS: certificate } : {}) },
  });
  let words = '';
  child.stderr?.on('data', (chunk) => {
    words += chunk;
  });
  child.on('message', (message) => {
    const { done, total } = message as { done: number; total: number };
    onProgress(`${megabytes(done)} of ${megabytes(total)}`, total ? done / total : undefined);
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(words.trim().split('\n').at(-1) || `download ended with ${code}`);
}

async function pipDownload(
  [command, ...first]: [string, ...string[]],
  what: string[],
  folder: string,
  onProgress: WheelRequest['onProgress'],
): Promise<string> {
  const out = path.join(folder, 'pip');
  const temporary = path.join(folder, 'pip-tmp');
  for (const dir of [out, temporary]) {
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true });
  }
  // pip tells its progress to terminals only, so what has arrived is seen in its temporary folder.
  const timer = setInterval(() => onProgress(`pip has ${megabytes(folderSize(temporary))}`), 500);
  try {
    await run(command, [...first, 'download', '--dest', out, ...what], { env: { ...process.env, TMPDIR: temporary } });
  } finally {
    clearInterval(timer);
    rmSync(temporary, { recursive: true, force: true });
  }
  const wheel = readdirSync(out).find((name) => name.endsWith('.whl'));
  if (!wheel) throw new Error('pip downloaded no wheel');
  return path.join(out, wheel);
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;

function folderSize(folder: string): number {
  let sum = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    // A file may be gone between listing and asking.
    sum += statSync(path.join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return sum;
}
