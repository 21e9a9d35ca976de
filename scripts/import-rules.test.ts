import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..');
const BIOME = path.join(ROOT, 'node_modules/@biomejs/biome/bin/biome');

const refused: [file: string, code: string][] = [
  ['src/core/run/probe.ts', `import { db } from '#db/client.ts';`],
  ['src/core/run/probe.ts', `import { db } from '../../db/client.ts';`],
  ['src/core/run/probe.ts', `import type { Db } from '#db/client.ts';`],
  ['src/core/run/probe.ts', `export { openDb } from '#db/client.ts';`],
  ['src/core/run/probe.ts', `export const later = () => import('#db/client.ts');`],
  ['src/core/run/probe.ts', `import { readFileSync } from 'node:fs';`],
  ['src/core/run/probe.ts', `import pg from 'pg';`],
  ['src/core/run/probe.ts', `import { x } from '@tanstack/react-table';`],
  ['src/core/run/probe.ts', `import { env } from '#env';`],
  ['src/core/probe.ts', `import { env } from '../env.ts';`],
  ['src/core/run/probe.test.ts', `import { db } from '#db/client.ts';`],
  ['src/engine/wasm/probe.ts', `import { openDb } from '#db/client.ts';`],
  ['src/engine/probe.ts', `import { openDb } from '../db/client.ts';`],
  ['src/db/runs/probe.ts', `import { launchRun } from '#server/runs/launch-run.ts';`],
  ['src/db/probe.ts', `import { env } from '../env.ts';`],
  ['src/server/runs/probe.ts', `import { openSeal } from '#referee/seal/seal.ts';`],
  ['src/server/runs/probe.ts', `import { fit } from '../../trainer/fit.ts';`],
  ['src/server/runs/probe.ts', `import { engine } from '#engine/engine.ts';`],
  ['src/trainer/probe.ts', `import { launchRun } from '#server/runs/launch-run.ts';`],
  ['src/trainer/probe.ts', `import { openSeal } from '#referee/seal/seal.ts';`],
  ['src/trainer/fit/probe.ts', `import { openSeal } from '../../referee/seal/seal.ts';`],
  ['src/referee/probe.ts', `import { fit } from '#trainer/fit.ts';`],
  ['src/components/charts/probe.tsx', `import { openDb } from '#db/client.ts';`],
  ['src/components/charts/probe.tsx', `import { env } from '#env';`],
  ['src/app/probe.tsx', `import { openSeal } from '#referee/seal/seal.ts';`],
  ['src/cli/probe.ts', `import { openDb } from '#db/client.ts';`],
];

const allowed: [file: string, code: string][] = [
  ['src/core/run/probe.ts', `export { z } from 'zod';`],
  ['src/core/run/probe.ts', `export { AppError } from '#core/errors.ts';`],
  ['src/core/run/probe.ts', `export { AppError } from '../errors.ts';`],
  ['src/core/run/probe.test.ts', `export { readFileSync } from 'node:fs';`],
  ['src/db/runs/probe.ts', `export { Pool } from 'pg';`],
  ['src/server/runs/probe.ts', `export { openDb } from '#db/client.ts';`],
  ['src/trainer/probe.ts', `export { engine } from '#engine/engine.ts';`],
  ['src/components/charts/probe.tsx', `export type { AppRouter } from '#server/trpc/router.ts';`],
];

/** The rules that the project's lint names for each probe, all in one run on files of their own in a copy. */
function rulesBroken(probes: [file: string, code: string][]): string[][] {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdout-lint-'));
  try {
    const settings = JSON.parse(readFileSync(path.join(ROOT, 'biome.json'), 'utf8'));
    writeFileSync(path.join(folder, 'biome.json'), JSON.stringify({ ...settings, vcs: { enabled: false } }));
    const files = probes.map(([file], i) => file.replace('probe', `probe${i}`));
    probes.forEach(([, code], i) => {
      const file = path.join(folder, files[i] as string);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, `${code}\n`);
    });
    const args = [BIOME, 'lint', '--reporter=github', '--max-diagnostics=none', '.'];
    const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    const lines = stdout.split('\n');
    return files.map((file) =>
      lines
        .filter((line) => line.includes(`/${file},`))
        .map((line) => /title=lint\/\w+\/(\w+)/.exec(line)?.[1] ?? line),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('lint refuses what crosses the layers, in every form of import, and lets the rest pass', () => {
  const broken = rulesBroken([...refused, ...allowed]).map((rules) => rules.includes('noRestrictedImports'));
  const said = [...refused, ...allowed].map(
    ([file, code], i) => `${broken[i] ? 'refused' : 'passed'} ${file}: ${code}`,
  );
  expect(said).toEqual([
    ...refused.map(([file, code]) => `refused ${file}: ${code}`),
    ...allowed.map(([file, code]) => `passed ${file}: ${code}`),
  ]);
});

test('lint refuses process.env outside src/env.ts', () => {
  const code = 'export const port = process.env.PORT;';
  const [server, env] = rulesBroken([
    ['src/server/probe.ts', code],
    ['src/env.ts', code],
  ]);
  expect(server).toContain('noProcessEnv');
  expect(env).toEqual([]);
});
