import { scaleWidth } from '../model/scale.ts';
import type { Remedy } from './remedy.ts';

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
  /** Half the units and filters of every hidden layer: about a quarter of the weights. */
  apply(config) {
    const model = scaleWidth(config.model, 0.5);
    return JSON.stringify(model) === JSON.stringify(config.model) ? null : { ...config, model };
  },
  // A model has no size that counts as plain, so none counts as made smaller.
  words: () => '',
};
