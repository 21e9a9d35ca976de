import type { RunConfig } from '#core/config/run-config.ts';
import type { RunWriter } from '../run-writer.ts';
import type { Callback } from './callback.ts';

/** Every step's loss, penalty and learning rate; every epoch's means and validation. Pushes to memory: O(1) a point. */
export function logPoints(writer: RunWriter, { l1, l2 }: Pick<RunConfig, 'l1' | 'l2'>): Callback {
  const penalty = [l1 > 0 && 'l1', l2 > 0 && 'l2'].filter(Boolean).join('_');
  return {
    onStep({ state, result, learningRate }) {
      writer.point('loss/train', state.step, result.loss);
      if (penalty) writer.point(`penalty/${penalty}`, state.step, result.penalty);
      writer.point('gradient/norm', state.step, result.gradientNorm);
      writer.point('lr/learning_rate', state.step, learningRate);
      writer.progress(state.epoch, state.step);
      return writer.room();
    },
    onEpoch({ state }) {
      for (const [name, value] of Object.entries(state.metrics))
        if (name !== 'loss/train') writer.point(name, state.step, value);
      writer.progress(state.epoch, state.step, state.metrics);
      return undefined;
    },
  };
}
