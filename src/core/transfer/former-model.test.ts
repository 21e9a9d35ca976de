import { expect, test } from 'vitest';
import { defaultConfig, presetModel } from '../config/presets.ts';
import type { RunConfig } from '../config/run-config.ts';
import { dropout } from '../remedies/dropout.ts';
import { formerModel, withoutTransfer } from './former-model.ts';
import { startWith } from './new-head.ts';

const input = { kind: 'image', height: 28, width: 28, channels: 1 } as const;
const task = { kind: 'classification', classes: 10 } as const;
const plain = defaultConfig(input, task, 3_500);
const lenet: RunConfig = { ...plain, model: presetModel('lenet', input, task) };
const from = (id: 'small_cnn' | 'resnet8') => ({
  source: { run: crypto.randomUUID() },
  model: presetModel(id, input, task),
  input,
});
const first = startWith(lenet, from('small_cnn'), input, task)!;
const second = startWith(first, from('resnet8'), input, task)!;
/** What is kept after each of the edits in turn. */
const after = (...edits: RunConfig[]) =>
  edits.slice(1).reduce<RunConfig['model'] | null>((kept, edit, i) => formerModel(kept, edits[i]!, edit), null);

test('taking nothing over any more brings back the layers from before the first source, whatever was changed since', () => {
  expect(first.model).not.toEqual(lenet.model);
  expect(withoutTransfer(first, after(lenet, first))).toEqual({ model: lenet.model, startFrom: null });
  const dropped = {
    ...second,
    model: dropout.apply(second, { input, task, trainItems: 3_500 })?.model ?? second.model,
  };
  expect(withoutTransfer(dropped, after(lenet, first, second, dropped)).model).toEqual(lenet.model);
});
test('each time anew: layers that were edited in between are those that come back', () => {
  const off = { ...first, ...withoutTransfer(first, after(lenet, first)) };
  const edited = { ...off, model: presetModel('mlp', input, task) };
  const again = startWith(edited, from('small_cnn'), input, task)!;
  expect(withoutTransfer(again, after(lenet, first, off, edited, again)).model).toEqual(edited.model);
  expect(after(lenet, first, off)).toBeNull();
});
test('a copy of a run that took weights over, and a preset chosen since, keep the layers that they have', () => {
  expect(withoutTransfer(first, after(first, first)).model).toEqual(first.model);
  const chosen = { ...first, model: presetModel('resnet8', input, task) };
  expect(withoutTransfer(chosen, after(lenet, first, chosen)).model).toEqual(chosen.model);
});
