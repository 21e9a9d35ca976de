'use strict';
/**
 * The one entry of `npm start` and its sisters. Runs on any Node from 20 with nothing installed: brings the
 * dependencies to what package-lock.json says, then hands over to scripts/main.ts on the pinned Node among them.
 */
const { spawn } = require('node:child_process');
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, openSync, readFileSync } = require('node:fs');
const net = require('node:net');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '..');
const MODULES = path.join(ROOT, 'node_modules');

function fail(message) {
  console.error(`\n${message}`);
  process.exit(1);
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** What npm says it installed is what the lock file asks for; optional packages of other platforms may lack. */
function isInstalled(lock) {
  const installed = readJson(path.join(MODULES, '.package-lock.json'))?.packages;
  if (!installed) return false;
  return Object.entries(lock.packages).every(([place, wanted]) => {
    if (place === '') return true;
    const found = installed[place];
    if (!found) return Boolean(wanted.optional || wanted.peer || (wanted.dev && process.env.NODE_ENV === 'production'));
    return found.version === wanted.version && (!wanted.integrity || found.integrity === wanted.integrity);
  });
}

/** One installation at a time in one checkout. An abstract socket is let go by the kernel however its owner ends. */
async function lockCheckout() {
  // Hashed: an address holds 107 bytes, a path may be longer.
  const address = `\0holdout-install:${createHash('sha256').update(ROOT).digest('hex')}`;
  let told = false;
  for (;;) {
    const server = net.createServer();
    const taken = await new Promise((resolve) => {
      server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(true) : fail(error.message)));
      server.listen(address, () => resolve(false));
    });
    if (!taken) return () => server.close();
    if (!told) console.log('Another start is installing in this folder; waiting for it.');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function install(lock) {
  // npm tells its progress to no one but a terminal of its own; a package is there once its package.json is.
  const places = Object.keys(lock.packages).filter((place) => place && !lock.packages[place].optional);
  const folder = path.join(ROOT, '.cache');
  mkdirSync(folder, { recursive: true });
  const logFile = path.join(folder, 'npm-ci.log');
  const log = openSync(logFile, 'w');
  // Under `npm start` npm names itself; its script then runs without a shell or a PATH.
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const started = Date.now();
  const child = spawn(command, [...first, 'ci', '--include=optional', '--include=dev', '--loglevel=error'], {
    cwd: ROOT,
    stdio: ['ignore', log, log],
    env: { ...process.env, NODE_ENV: 'development' },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => child.kill(signal));
  const say = () => {
    const seconds = Math.round((Date.now() - started) / 1000);
    const there = places.filter((place) => existsSync(path.join(ROOT, place, 'package.json'))).length;
    return `Installing packages: ${there} of ${places.length}, ${seconds} s`;
  };
  const tty = process.stdout.isTTY;
  if (!tty) console.log('Installing packages (the first time takes a few minutes)');
  const timer = setInterval(
    () => (tty ? process.stdout.write(`\r\x1b[2K${say()}`) : console.log(say())),
    tty ? 500 : 20_000,
  );
  const code = await new Promise((resolve) => {
    child.once('error', () => resolve('npm was not found; it comes with Node'));
    child.once('exit', (status, signal) => resolve(status ?? signal));
  });
  clearInterval(timer);
  if (tty) process.stdout.write('\r\x1b[2K');
  if (code !== 0) {
    const words = readFileSync(logFile, 'utf8').trim().split('\n').slice(0, 12).join('\n');
    fail(
      `Installing the packages failed (${code}):\n${words}\n\nCheck the network and npm's own settings, then start again. All of npm's words: ${logFile}`,
    );
  }
  console.log(`Packages installed in ${Math.round((Date.now() - started) / 1000)} s`);
}

/** The pinned Node among the dependencies; this one where the platform has no such package but it is new enough. */
function findNode() {
  const pinned = path.join(MODULES, `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return fail(
    `There is no packaged Node 24 for ${process.platform}-${process.arch}. Install Node 24 and start again with it.`,
  );
}

async function main() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    fail(`This is Node ${process.version}; Holdout needs Node 20 or newer to start. See nodejs.org.`);
  }
  const lock = readJson(path.join(ROOT, 'package-lock.json'));
  if (!lock) fail('package-lock.json is missing or damaged: get it back with git checkout package-lock.json');
  if (!isInstalled(lock)) {
    const unlock = await lockCheckout();
    if (!isInstalled(lock)) await install(lock);
    unlock();
  }
  const child = spawn(
    findNode(),
    ['--disable-warning=ExperimentalWarning', path.join(__dirname, 'main.ts'), ...process.argv.slice(2)],
    {
      cwd: ROOT,
      // The channel tells the child when this process is gone, also after SIGKILL.
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event) {
    // npm, when killed, tells nobody: notice that the parent changed.
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref();
  }
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}

main();
