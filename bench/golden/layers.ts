import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { initialWeight } from '#core/model/initial-weights.ts';
import { planModel, plannedWeights } from '#core/model/plan.ts';
import { type InputSpec, modelSchema } from '#core/model/spec.ts';
import { GOLDEN_BATCH, GOLDEN_CASES, GOLDEN_RATE, GOLDEN_STEPS, goldenPart } from '../../src/engine/golden-layers.ts';
import { convSpec } from '../../src/engine/testing.ts';

/**
 * Records PyTorch's losses over 20 steps for a network of each kind of layer, from Holdout's own initial weights and batches,
 * into src/engine/golden-layers.json. The engine's tests replay them.
 *
 * node bench/golden/layers.ts --python /path/to/python
 */
const { values: options } = parseArgs({ options: { python: { type: 'string', default: 'python3' } } });

const { seed } = convSpec();
const cases = GOLDEN_CASES.map(({ input, layers }) => {
  const plan = planModel(modelSchema.parse({ layers }), input);
  const weights = plannedWeights(plan).map((w) => [w.name, Array.from(initialWeight(w, seed))] as const);
  return { layers: plan, x: nested(input), weights: Object.fromEntries(weights) };
});
const script = fileURLToPath(new URL('../torch/golden_layers.py', import.meta.url));
const { status, stdout, stderr } = spawnSync(options.python, [script], {
  input: JSON.stringify({
    cases,
    labels: Array.from(goldenPart(GOLDEN_CASES[0]!.input).y),
    batch: GOLDEN_BATCH,
    steps: GOLDEN_STEPS,
    learningRate: GOLDEN_RATE,
  }),
  encoding: 'utf8',
  maxBuffer: 1e9,
});
if (status !== 0) throw new Error(`${options.python} ${script} failed (${status}):\n${stderr}`);
const found = JSON.parse(stdout) as object[];
const named = Object.fromEntries(GOLDEN_CASES.map(({ name }, i) => [name, found[i]]));
const target = fileURLToPath(new URL('../../src/engine/golden-layers.json', import.meta.url));
writeFileSync(target, `${JSON.stringify(named, null, 2)}\n`);
console.log(`${GOLDEN_CASES.length} networks recorded. npx biome format --write ${target}`);

/** The items as PyTorch gets them: [N, H, W, C] or [N, D]. */
function nested(input: InputSpec): unknown {
  const { x, n } = goldenPart(input);
  const shape = input.kind === 'image' ? [n, input.height, input.width, input.channels] : [n, input.features];
  return shape.reduceRight<unknown[]>(
    (flat, size) => Array.from({ length: flat.length / size }, (_, i) => flat.slice(i * size, (i + 1) * size)),
    Array.from(x),
  )[0];
}
