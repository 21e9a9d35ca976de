import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildPages, generateClient } from '../setup/prepare.ts';
import { bin, ROOT } from '../setup/run.ts';
import { provideTensorFlow } from '../tensorflow/provide.ts';
import { provideBrowser } from './provide-browser.ts';
import { closingLine, type Tally, total } from './tally.ts';

const PARTS = ['check', 'unit', 'e2e'];
const env: NodeJS.ProcessEnv = { ...process.env };
const folder = mkdtempSync(path.join(tmpdir(), 'holdout-tally-'));

/** Runs a program of this Node with its output shown; its exit code. */
function show(file: string, args: string[], more: Record<string, string> = {}): Promise<number> {
  const child = spawn(process.execPath, [file, ...args], { cwd: ROOT, env: { ...env, ...more }, stdio: 'inherit' });
  process.once('exit', () => child.kill());
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

/** Runs a test runner whose reporter leaves a Tally; a runner that fails without a failed test counts as one. */
async function tallied(file: string, args: string[], more: Record<string, string> = {}): Promise<Tally> {
  const out = path.join(folder, 'tally.json');
  rmSync(out, { force: true });
  const code = await show(file, args, { ...more, HOLDOUT_TALLY: out });
  let tally: Tally = { passed: 0, failed: 0, skipped: [] };
  try {
    tally = JSON.parse(readFileSync(out, 'utf8')) as Tally;
  } catch {
    // It ended before its first test.
  }
  if (code !== 0 && tally.failed === 0) tally.failed = 1;
  return tally;
}

/** Types, format and lint (which holds the rules of who may import whom), migrations: one test each. */
async function check(): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0, skipped: [] };
  // Of the last build, so perhaps of pages that are gone; the next build writes them afresh.
  rmSync(path.join(ROOT, '.next/types'), { recursive: true, force: true });
  for (const [name, file, args] of [
    ['types', bin('typescript/bin/tsc'), ['--noEmit', '--incremental', 'false', '-p', '.']],
    ['format and lint', bin('@biomejs/biome/bin/biome'), ['check', '--diagnostic-level=error', '.']],
    ['migrations lead to the schema', path.join(ROOT, 'scripts/migrate.ts'), ['check']],
  ] as const) {
    const code = await show(file, [...args]);
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}`);
    tally[code === 0 ? 'passed' : 'failed']++;
  }
  return tally;
}

function unit(): Promise<Tally> {
  const reporter = path.join(ROOT, 'scripts/test/vitest-tally.ts');
  return tallied(bin('vitest/vitest.mjs'), ['run', '--reporter=default', `--reporter=${reporter}`], {
    NODE_ENV: 'test',
  });
}

async function e2e(): Promise<Tally> {
  const browser = await provideBrowser();
  if ('reason' in browser) {
    const files = globSync('e2e/**/*.e2e.ts', { cwd: ROOT });
    return { passed: 0, failed: 0, skipped: files.map((name) => ({ name, reason: browser.reason })) };
  }
  await buildPages();
  return tallied(bin('@playwright/test/cli.js'), ['test'], { HOLDOUT_TEST_BROWSER: browser.file });
}

/** `npm test [check] [unit] [e2e]`: all of them when none is named. The last line is "N passed, N failed". */
export async function runAll(names: string[]): Promise<void> {
  const unknown = names.find((name) => !PARTS.includes(name));
  if (unknown) throw new Error(`There is no test part ${unknown}. Say none, or some of: ${PARTS.join(', ')}.`);
  process.on('disconnect', () => process.exit(1));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
  await generateClient();
  const provided = await provideTensorFlow();
  if ('folder' in provided) env.HOLDOUT_TENSORFLOW = provided.folder;

  const tallies: Tally[] = [];
  for (const [name, part] of Object.entries({ check, unit, e2e })) {
    if (names.length > 0 && !names.includes(name)) continue;
    const started = Date.now();
    console.log(`\n== ${name}`);
    try {
      tallies.push(await part());
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      tallies.push({ passed: 0, failed: 1, skipped: [] });
    }
    console.log(`== ${name}: ${closingLine(tallies.at(-1)!)} in ${Math.round((Date.now() - started) / 1000)} s`);
  }
  rmSync(folder, { recursive: true, force: true });
  const all = total(tallies);
  for (const { name, reason } of all.skipped) console.log(`skipped: ${name}: ${reason}`);
  console.log(closingLine(all));
  process.exit(all.failed === 0 && all.passed > 0 ? 0 : 1);
}
