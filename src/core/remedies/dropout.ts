import { dropoutPlaces, dropoutRates, withDropout, withDropoutRates } from '../config/dropout.ts';
import { layerNames } from '../model/names.ts';
import type { Remedy } from './remedy.ts';

export const START_DROPOUT = 0.3;
/** What one click adds where there is dropout already, and where it ends: above, too little of the network is left to learn. */
const STEP = 0.1;
const MOST = 0.7;

export const dropout: Remedy = {
  id: 'dropout',
  name: 'Dropout',
  sentences: [
    'Switches off random units at each step, so that no unit can lean on one other.',
    'It slows the fall of training loss, and that is the point.',
  ],
  source: {
    label: 'Srivastava et al. 2014',
    title:
      'Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov: Dropout: A Simple Way to Prevent Neural Networks from Overfitting. JMLR 15, 2014',
    url: 'https://jmlr.org/papers/v15/srivastava14a.html',
  },
  /** 0.3 after the last hidden layer with weights; where there is dropout already, 0.1 more of each, up to 0.7. */
  apply(config) {
    const { model } = config;
    if (dropoutRates(model).length > 0) {
      const raised = withDropoutRates(model, more);
      return dropoutRates(raised).join() === dropoutRates(model).join() ? null : { ...config, model: raised };
    }
    const names = layerNames(model);
    const place = dropoutPlaces(model, names).at(-1);
    if (place === undefined) return null;
    return { ...config, model: withDropout(model, model.layers[names.indexOf(place)]!, START_DROPOUT) };
  },
  words({ model }) {
    const rates = dropoutRates(model);
    const [low, high] = [Math.min(...rates), Math.max(...rates)];
    return rates.length === 0 ? '' : low === high ? `dropout ${low}` : `dropout ${low} to ${high}`;
  },
};

function more(rate: number): number {
  return rate >= MOST ? rate : Math.min(MOST, Math.round(100 * (rate + STEP)) / 100);
}
