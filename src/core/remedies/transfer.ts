import { type NamedSource, startWith } from '../transfer/new-head.ts';
import type { Remedy } from './remedy.ts';

export const transfer: Remedy = {
  id: 'transfer',
  name: 'Transfer learning',
  sentences: [
    'Starts from weights that learned on other items before, and trains a new head on top of them.',
    'Fits best when items are few: freeze what is taken over at first, and train all of it later at a small rate.',
  ],
  source: {
    label: 'Yosinski et al. 2014',
    title: 'Yosinski, Clune, Bengio, Lipson: How transferable are features in deep neural networks? NeurIPS 2014',
    url: 'https://arxiv.org/abs/1411.1792',
  },
  /** The first source that takes these items, cut before its answer and frozen up to there. Whoever chooses one gives it alone. */
  apply(config, { sources = [], input, task }) {
    if (config.startFrom) return null;
    const started = sources.map((source: NamedSource) => startWith(config, source, input, task));
    return started.find((each) => each !== null) ?? null;
  },
  whyNot: ({ startFrom }, { sources, sourcesError }) =>
    startFrom
      ? 'This run starts from other weights already. Copy it to start from others.'
      : sources === undefined
        ? sourcesWords(sourcesError)
        : 'Transfer learning needs a run or model to start from, and none that fits this run was found. Train one on other data in another project, or upload one.',
  words: ({ startFrom }) =>
    !startFrom ? '' : startFrom.freezeUpTo ? `transfer, frozen up to ${startFrom.freezeUpTo}` : 'transfer',
};

/** Of sources that aren't known. */
export function sourcesWords(error: string | undefined): string {
  return error === undefined
    ? 'What it could start from is still being looked up.'
    : `What it could start from could not be looked up: ${error}`;
}

/** What learned on other items than the project's own: a copy that went on from the run itself would only have trained longer. */
export function otherSources<S extends { project: { id: string }; number: number | null }>(
  sources: readonly S[],
  projectId: string,
): S[] {
  return sources.filter(({ project, number }) => project.id !== projectId || number === null);
}
