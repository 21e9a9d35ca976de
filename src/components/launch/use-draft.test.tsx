import { useState } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { configText } from '#core/config/config-text.ts';
import { defaultConfig, presetModel } from '#core/config/presets.ts';
import { startWith } from '#core/transfer/new-head.ts';
import { type Draft, useDraft } from './use-draft.ts';

const classes = [...'0123456789'];
const image = { height: 28, width: 28, channels: 1 } as const;
const input = { kind: 'image', ...image } as const;
const task = { kind: 'classification', classes: 10 } as const;
const source = {
  source: { run: crypto.randomUUID() },
  model: presetModel('small_cnn', input, task),
  input,
};
const place = {
  schema: { kind: 'image-classification' as const, image, classes },
  trainItems: 3_500,
  budget: { bytes: 8e9, where: 'here' },
};
const lenet = { ...defaultConfig(input, task, 3_500), model: presetModel('lenet', input, task) };
const started = startWith(lenet, source, input, task)!;

type Edit = (draft: Draft) => void;

function Probe({ edits, onDraft }: { edits: Edit[]; onDraft: Edit }) {
  const draft = useDraft(lenet, place);
  const [done, setDone] = useState(0);
  onDraft(draft);
  if (done < edits.length) {
    edits[done]!(draft);
    setDone(done + 1);
  }
  return null;
}

/** The draft after each of the edits in turn. */
function drafted(...edits: Edit[]): Draft {
  const drafts: Draft[] = [];
  renderToStaticMarkup(<Probe edits={edits} onDraft={(draft) => drafts.push(draft)} />);
  return drafts.at(-1)!;
}

test('keeps the layers that a source took the place of, by the form and by the text, until nothing is taken over', () => {
  const on: Edit = (draft) => draft.patch({ model: started.model, startFrom: started.startFrom });
  expect(drafted().former).toBeNull();
  expect(drafted(on).former).toEqual(lenet.model);
  expect(drafted(on, (draft) => draft.setText(configText({ ...started, epochs: 3 }))).former).toEqual(lenet.model);
  expect(drafted((draft) => draft.setText(configText(started))).former).toEqual(lenet.model);
  expect(drafted(on, (draft) => draft.patch({ startFrom: null })).former).toBeNull();
});
