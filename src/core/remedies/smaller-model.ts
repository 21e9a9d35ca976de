import { scaleWidth } from '../model/scale.ts';
import type { ModelSpec } from '../model/spec.ts';
import type { Remedy } from './remedy.ts';

/** A layer of one unit passes a single number on: what follows could no longer tell two things apart. */
const LEAST_WIDTH = 2;

export const smallerModel: Remedy = {
  id: 'smaller_model',
  name: 'Smaller model',
  sentences: [
    'Gives the network fewer weights than there are things to memorise.',
    'Try it first when a layer holds more weights than you have items.',
  ],
  source: {
    label: 'Goodfellow et al. 2016, ch. 5',
    title:
      'Goodfellow, Bengio, Courville: Deep Learning. MIT Press, 2016. Section 5.2, Capacity, Overfitting and Underfitting',
    url: 'https://www.deeplearningbook.org/contents/ml.html',
  },
  /** Half the units and filters of every hidden layer, two at least: about a quarter of the weights. */
  apply(config) {
    if (config.startFrom) return null;
    const model = scaleWidth(config.model, 0.5, LEAST_WIDTH);
    return same(model, config.model) ? null : { ...config, model };
  },
  whyNot({ model, startFrom }) {
    if (startFrom)
      return 'Layers that are taken over come as wide as they are. Launch this model without transfer, and make that run smaller.';
    return same(scaleWidth(model, 2), model)
      ? 'This model has no hidden layer whose width could be halved. Start from another preset, or take layers out.'
      : `No hidden layer has more than ${LEAST_WIDTH} units or filters, and half of that would pass a single number on. Take layers out instead.`;
  },
  // A model has no size that counts as plain, so none counts as made smaller.
  words: () => '',
};

function same(one: ModelSpec, other: ModelSpec): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
