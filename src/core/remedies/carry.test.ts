import { describe, expect, test } from 'vitest';
import { dropoutRates, withDropoutRates } from '../config/dropout.ts';
import { defaultConfig, PRESET_IDS, type PresetId, presetModel } from '../config/presets.ts';
import type { RunConfig } from '../config/run-config.ts';
import { planModel } from '../model/plan.ts';
import { hasBatchNorm } from './batch-norm.ts';
import { carryRemedies } from './carry.ts';
import { remedyById, remedyWords } from './index.ts';

const input = { kind: 'image', height: 96, width: 96, channels: 1 } as const;
const task = { kind: 'classification', classes: 10 } as const;
const context = { input, task, trainItems: 3_500 };
const plain = defaultConfig(input, task, 3_500);
const preset = (id: PresetId) => presetModel(id, input, task);
const put = (config: RunConfig, ...ids: ('dropout' | 'batch_norm' | 'weight_penalty' | 'augmentation')[]) =>
  ids.reduce((now, id) => remedyById(id)!.apply(now, context)!, config);
const choose = (config: RunConfig, id: PresetId) => carryRemedies(config, preset(id), context);

describe('another preset', () => {
  test('keeps every remedy that was on, the dropout’s rate too', () => {
    const four = put(plain, 'augmentation', 'dropout', 'weight_penalty', 'batch_norm');
    const half = { ...four, model: withDropoutRates(four.model, () => 0.5) };
    const chosen = choose(half, 'lenet');
    expect(remedyWords(chosen)).toEqual(remedyWords(half));
    expect(dropoutRates(chosen.model)).toEqual([0.5]);
    expect(choose(put(plain, 'dropout'), 'lenet').model).toEqual(
      put({ ...plain, model: preset('lenet') }, 'dropout').model,
    );
  });
  test('is given none that was off, and none twice', () => {
    expect(choose(plain, 'lenet').model).toEqual(preset('lenet'));
    expect(choose(put(plain, 'dropout', 'batch_norm'), 'keypoints').model.layers.length).toBe(
      put({ ...plain, model: preset('keypoints') }, 'batch_norm').model.layers.length,
    );
    expect(choose(put(plain, 'batch_norm'), 'resnet8').model).toEqual(preset('resnet8'));
    expect(dropoutRates(choose(put(plain, 'dropout'), 'keypoints').model)).toEqual(dropoutRates(preset('keypoints')));
  });
  test('does not take what the preset before brought along itself', () => {
    for (const id of ['resnet8', 'keypoints', 'mobilenet'] as const)
      expect(choose({ ...plain, model: preset(id) }, 'lenet').model).toEqual(preset('lenet'));
    const both = put({ ...plain, model: preset('resnet8') }, 'dropout');
    expect(hasBatchNorm(choose(both, 'lenet').model)).toBe(false);
    expect(dropoutRates(choose(both, 'lenet').model)).toEqual([0.3]);
  });
  test('without a hidden layer has no place for them', () => {
    expect(choose(put(plain, 'dropout', 'batch_norm'), 'linear').model).toEqual(preset('linear'));
  });
  test.each(PRESET_IDS)('%s with what it is given fits the data', (id) => {
    expect(() => planModel(choose(put(plain, 'dropout', 'batch_norm'), id).model, input, task)).not.toThrow();
  });
});
