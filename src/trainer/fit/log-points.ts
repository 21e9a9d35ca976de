import type { RunWriter } from '../run-writer.ts';
import type { Callback } from './callback.ts';

/** Every step's loss, penalty and learning rate; every epoch's means and validation. Pushes to memory: O(1) a point. */
export function logPoints(writer: RunWriter, l2: number): Callback {
  return {
    onStep({ state, result, learningRate }) {
      writer.point('loss/train', state.step, result.loss);
      if (l2 > 0) writer.point('penalty/l2', state.step, result.penalty);
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
