import { stepItems } from '#core/config/check-config.ts';
import { histogramOf } from '#core/run/histogram.ts';
import { histogramsAreDue, layerNorms, layerOf, normsAreDue } from '#core/run/inspection.ts';
import type { Fit, TensorMap } from '#engine/engine.ts';
import type { RunWriter } from '../run-writer.ts';
import type { Callback } from './callback.ts';
import type { FitPlan } from './plan.ts';

type Arrays = Map<string, Float32Array>;

/** Layer by layer, in epochs whose turn it is: weight norm and update ratio of the epoch's last full batch, how weights lay before it, and its gradients. */
export function logLayers(
  fit: Pick<Fit, 'trainable'>,
  plan: FitPlan,
  writer: Pick<RunWriter, 'point' | 'histogram'>,
): Callback {
  let before: Arrays | null = null;
  // A last batch of a few items would show its own noise.
  const lastFull = Math.max(1, Math.floor(plan.trainItems / stepItems(plan.config)));
  /** The step that comes, and what of it is due; null: nothing. */
  const due = ({ step }: { step: number }) => {
    if ((step % plan.stepsPerEpoch) + 1 !== lastFull) return null;
    const epoch = Math.floor(step / plan.stepsPerEpoch) + 1;
    return { epoch, norms: normsAreDue(epoch, plan), histograms: histogramsAreDue(epoch, plan) };
  };
  return {
    beforeStep(state) {
      const now = due(state);
      if (!now?.norms && !now?.histograms) return undefined;
      return (async () => {
        const weights = arrays(await fit.trainable());
        if (now.norms) before = weights;
        if (now.histograms) record(writer, 'weights', weights, state.step + 1, now.epoch);
      })();
    },
    wantsGradients(state) {
      return due(state)?.histograms ?? false;
    },
    onStep({ state, result }) {
      if (result.gradients) {
        const epoch = Math.ceil(state.step / plan.stepsPerEpoch);
        record(writer, 'gradients', arrays(result.gradients), state.step, epoch);
      }
      if (!before) return undefined;
      const old = before;
      before = null;
      return (async () => {
        for (const [layer, norms] of layerNorms(old, arrays(await fit.trainable()))) {
          writer.point(`weight_norm/${layer}`, state.step, norms.weights);
          writer.point(`update_ratio/${layer}`, state.step, norms.updateRatio);
        }
      })();
    },
  };
}

function arrays(tensors: TensorMap): Arrays {
  return new Map([...tensors].map(([name, { data }]) => [name, data as Float32Array]));
}

/** Kernel and bias of a layer count as one. */
function record(writer: Pick<RunWriter, 'histogram'>, what: string, arrays: Arrays, step: number, epoch: number): void {
  const layers = Map.groupBy(arrays, ([name]) => layerOf(name));
  for (const [layer, parts] of layers) {
    const histogram = histogramOf(parts.map(([, values]) => values));
    if (histogram) writer.histogram({ name: `${what}/${layer}`, step, epoch, ...histogram });
  }
}
