#!/usr/bin/env node
// Plain CommonJS, so that every Node can say what it needs: the command itself is TypeScript, which Node 24 runs as it is.
const { spawn } = require('node:child_process');
const { existsSync } = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const main = path.join(__dirname, 'main.ts');
const major = Number(process.versions.node.split('.')[0]);

if (major >= 24) {
  import(pathToFileURL(main).href);
} else {
  const pinned = findPinnedNode();
  if (!pinned) {
    console.error(
      `holdout needs Node 24; this is ${process.versions.node}. Run "npm install" in ${path.dirname(path.dirname(__dirname))}, which brings it, or start holdout with Node 24.`,
    );
    process.exit(69);
  }
  const child = spawn(pinned, [__filename, ...process.argv.slice(2)], { stdio: 'inherit' });
  // The terminal sends Ctrl-C to both; only the child decides what it means.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT') child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => {
    if (signal) process.removeAllListeners(signal);
    if (signal) process.kill(process.pid, signal);
    else process.exit(code ?? 70);
  });
}

function findPinnedNode() {
  const name = `node-${process.platform}-${process.arch}`;
  for (const folder of module.paths) {
    const file = path.join(folder, name, 'bin', 'node');
    if (existsSync(file)) return file;
  }
  return null;
}
