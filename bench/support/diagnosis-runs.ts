import { planAugmentation } from '#core/augmentation/plan.ts';
import { runConfigSchema } from '#core/config/run-config.ts';
import { sfc32 } from '#core/random.ts';
import { openEngine } from '#engine/open-engine.ts';
import { fitLoop } from '#trainer/fit/loop.ts';
import { newLoopState } from '#trainer/fit/loop-state.ts';
import { planFit } from '#trainer/fit/plan.ts';
import { stopEarly } from '#trainer/fit/stop-early.ts';
import { fitSpecOf } from '../../src/trainer/fit/fit-spec.ts';
import { parts, TABLES } from './diagnosis-items.ts';
import { type LabelledCurves, ruleHolds } from './diagnosis-labels.ts';
import { recipes } from './diagnosis-recipes.ts';

/**
 * Trains small networks on the samples into each state, with the product's own loop, and keeps a run where the rule of its state
 * (diagnosis-labels.ts) holds in hindsight. Seeds decide everything; every second round is for tuning, the others are held out.
 */
export async function makeRuns(rounds: number): Promise<LabelledCurves[]> {
  const engine = await openEngine({ threads: 1, libDir: process.env.HOLDOUT_TENSORFLOW || undefined });
  const kept: LabelledCurves[] = [];
  const dropped: Record<string, number> = {};
  const started = process.cpuUsage();
  const count = recipes((first) => first).length;
  for (let round = 0; round < rounds; round++) {
    for (let nth = 0; nth < count; nth++) {
      const seed = 1_000 * nth + round;
      const random = sfc32(seed, 7, 13);
      const recipe = recipes((...values) => values[random() % values.length]!)[nth]!;
      const { train, validation, task } = parts(recipe, random);
      const units = task.kind === 'classification' ? task.classes : 1;
      const config = runConfigSchema.parse({
        ...recipe.config,
        seed,
        model: {
          layers: [
            ...(recipe.filters ?? []).flatMap((filters) => [
              { type: 'conv2d', filters, kernelSize: 3, padding: 'same', activation: 'relu' },
              { type: 'max_pool2d' },
            ]),
            ...(recipe.filters ? [{ type: 'flatten' }] : []),
            ...recipe.hidden.flatMap((width) => [
              { type: 'dense', units: width, activation: 'relu' },
              ...(recipe.dropout ? [{ type: 'dropout', rate: recipe.dropout }] : []),
            ]),
            { type: 'dense', units },
          ],
        },
      });
      const { input } = TABLES[recipe.table];
      const augmentation =
        input.kind === 'image'
          ? planAugmentation(config.augmentation, { kind: 'image-classification', image: input, classes: [] }, input)
          : null;
      const fit = await engine.openFit({ ...fitSpecOf(config, input, task, train.y), augmentation }, train, validation);
      const state = newLoopState();
      const plan = planFit(config, task, train.n, train.y);
      const epochs: number[][] = [];
      const names = ['loss/train', 'loss/validation', `${plan.metric}/train`, `${plan.metric}/validation`];
      const ending = await fitLoop(
        fit,
        plan,
        state,
        [
          {
            onEpoch: () => {
              epochs.push(names.map((name) => state.metrics[name]!));
              return undefined;
            },
          },
          ...(config.earlyStopping ? [stopEarly(config.earlyStopping)] : []),
        ],
        () => false,
      );
      await fit.close();
      const column = (k: number) => epochs.map((e) => (Number.isFinite(e[k]) ? Number(e[k]!.toPrecision(4)) : null));
      const run: LabelledCurves = {
        label: recipe.label,
        half: round % 2 === 0 ? 'tuning' : 'held-out',
        made: `${recipe.table} ${train.n}/${validation.n}, ${recipe.filters ? `filters ${recipe.filters.join('+')}, ` : ''}hidden ${recipe.hidden.join('+') || 'none'}, ${config.optimizer.kind} ${config.learningRate}, batch ${config.batchSize}, seed ${seed}`,
        classes: task.kind === 'classification' ? task.classes : null,
        trainItems: train.n,
        validationItems: validation.n,
        dropout: recipe.dropout ?? 0,
        augmented: config.augmentation !== null,
        l2: config.l2,
        patience: config.earlyStopping?.patience ?? null,
        plannedEpochs: config.epochs,
        notANumber: ending?.reason === 'not_a_number',
        lossTrain: column(0),
        lossValidation: column(1),
        metricTrain: column(2),
        metricValidation: column(3),
      };
      if (ruleHolds(run)) kept.push(run);
      else dropped[recipe.label] = (dropped[recipe.label] ?? 0) + 1;
    }
    const { user, system } = process.cpuUsage(started);
    const by = Object.entries(Object.groupBy(kept, (k) => k.label)).map(([label, of]) => `${label} ${of!.length}`);
    console.log(
      `round ${round + 1}: ${((user + system) / 1e6).toFixed(0)} s of CPU; kept ${by.join(', ')}; left out ${JSON.stringify(dropped)}`,
    );
  }
  await engine.close();
  return kept;
}
