import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DIAGNOSES, type DiagnosisKind } from '#core/run/diagnosis/index.ts';
import { diagnoseLabelled, type LabelledRun } from '#core/run/diagnosis/testing.ts';

/**
 * How often the diagnosis is right: labelled runs by what they are (rows) and what is said of them (columns). With --train, that many
 * rounds of runs are trained anew first (support/diagnosis-runs.ts) and take the place of those that the tests read.
 *
 * node bench/diagnosis.ts [--train 16]
 */
const FILE = 'src/core/run/diagnosis/curves.jsonl';
const KINDS = Object.keys(DIAGNOSES) as DiagnosisKind[];
const { values: options } = parseArgs({ options: { train: { type: 'string' } } });

if (options.train) {
  const { makeRuns } = await import('./support/diagnosis-runs.ts');
  const made = await makeRuns(Number(options.train));
  writeFileSync(FILE, made.map((run) => `${JSON.stringify(run)}\n`).join(''));
}
const runs: LabelledRun[] = readFileSync(FILE, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
for (const half of ['tuning', 'held-out'] as const) {
  const of = runs.filter((run) => run.half === half);
  const right = of.filter((run) => diagnoseLabelled(run).kind === run.label).length;
  console.log(`${half}: ${right} of ${of.length} right (${((100 * right) / of.length).toFixed(1)} %)`);
  console.table(confusions(of), KINDS);
}

function confusions(of: readonly LabelledRun[]): Record<string, Partial<Record<DiagnosisKind, number>>> {
  const table: Record<string, Partial<Record<DiagnosisKind, number>>> = {};
  for (const label of KINDS) {
    const said: Partial<Record<DiagnosisKind, number>> = {};
    for (const run of of) {
      if (run.label !== label) continue;
      const { kind } = diagnoseLabelled(run);
      said[kind] = (said[kind] ?? 0) + 1;
    }
    table[label] = said;
  }
  return table;
}
// The threads of the engine's library would keep the process.
if (options.train) process.exit(0);
