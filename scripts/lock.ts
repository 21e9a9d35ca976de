/**
 * Mends package-lock.json after `npm install`: node scripts/lock.ts
 *
 * npm leaves out optional packages of other platforms that the registry in use lacks, and `npm ci` then refuses the
 * lock file ("Missing: @next/swc-darwin-arm64@ from lock file"). Each gets an entry with its version, system and
 * processor, which is all that npm needs to see that this machine doesn't want it. Addresses of registries are
 * dropped, so that whoever installs uses their own.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

interface Entry {
  version?: string;
  resolved?: string;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
  os?: string[];
  cpu?: string[];
  libc?: string[];
}

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/** What a package's name says of the platform that it is for: "@next/swc-linux-x64-musl". */
export function platformOf(name: string): Pick<Entry, 'os' | 'cpu' | 'libc'> | null {
  const words = name.split(/[^a-z0-9]+/);
  const cpu = words.find((word) => PROCESSORS.includes(word));
  const os = words.find((word) => SYSTEMS.includes(word));
  if (!cpu || !(os || cpu === 'wasm32')) return null;
  const libc = words.includes('musl') ? 'musl' : words.includes('gnu') ? 'glibc' : undefined;
  return { ...(os ? { os: [os] } : {}), cpu: [cpu], ...(libc ? { libc: [libc] } : {}) };
}

/** Where `name` is found from the package at `place`, as Node looks it up; undefined when the lock has none. */
function resolve(packages: Record<string, Entry>, place: string, name: string): string | undefined {
  for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const candidate = `${folder && `${folder}/`}node_modules/${name}`;
    if (packages[candidate]) return candidate;
    if (folder === '') return undefined;
  }
}

/** Adds what is missing to `packages`, in place; returns the names. Throws an Error for what it can't complete. */
export function complete(packages: Record<string, Entry>): string[] {
  const added: string[] = [];
  for (const [place, entry] of Object.entries(packages)) {
    delete entry.resolved;
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (resolve(packages, place, name)) continue;
      const platform = platformOf(name);
      if (!platform || !/^\d+\.\d+\.\d+[\w.+-]*$/.test(version)) {
        throw new Error(
          `${name}@${version}, wanted by ${place}, is missing, and its name or version does not say enough.`,
        );
      }
      packages[`node_modules/${name}`] = { version, optional: true, ...platform };
      added.push(`${name}@${version}`);
    }
  }
  return added;
}

if (process.argv[1] === import.meta.filename) {
  const file = path.resolve(import.meta.dirname, '../package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Entry> };
  const added = complete(lock.packages);
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(added.length > 0 ? `added ${added.join(', ')}` : 'nothing was missing');
}
