'use client';

import { useMemo, useState } from 'react';
import { configText } from '#core/config/config-text.ts';
import { type ConfigPlace, type LineProblem, readConfig, readConfigText } from '#core/config/read-config.ts';
import type { RunConfig } from '#core/config/run-config.ts';
import type { ErrorItem } from '#core/errors.ts';
import type { ModelSpec } from '#core/model/spec.ts';
import { formerModel } from '#core/transfer/former-model.ts';
import { fieldWords } from './field-words.ts';

export interface Draft {
  /** as it is edited: a number may be NaN while it is typed */
  config: RunConfig;
  /** the configuration once nothing is wrong with it */
  valid: RunConfig | null;
  problems: (ErrorItem | LineProblem)[];
  /** the layers that were there before a source's took their place; null where nothing is taken over, or was from the start */
  former: ModelSpec | null;
  patch: (change: Partial<RunConfig>) => void;
  /** the JSON, always in step with the form; with a mistake in it, the form keeps the last that was right */
  text: string;
  setText: (text: string) => void;
  /** the message for one field, by JSON pointer */
  problemAt: (path: string) => string | undefined;
  /** the first message for a card of several fields, with the field's label */
  problemUnder: (path: string) => string | undefined;
}

interface State {
  config: RunConfig;
  typed: string | null;
  former: ModelSpec | null;
}

/** One configuration that a form and a text edit together. */
export function useDraft(initial: RunConfig, place: ConfigPlace): Draft {
  const [{ config, typed, former }, setState] = useState<State>({ config: initial, typed: null, former: null });
  const set = (next: RunConfig, typed: string | null) =>
    setState({ config: next, typed, former: formerModel(former, config, next) });
  const read = useMemo(
    () => (typed === null ? readConfig(config, place) : readConfigText(typed, place)),
    [config, typed, place],
  );
  const problems = read.ok ? [] : read.problems;
  return {
    config,
    valid: read.ok ? read.config : null,
    problems,
    former,
    patch: (change) => set({ ...config, ...change }, null),
    text: typed ?? configText(config),
    setText: (text) => {
      const now = readConfigText(text, place);
      set(now.ok ? now.config : config, text);
    },
    // Beside its own label a field needs no name.
    problemAt: (path) =>
      problems
        .find((p) => p.path === path || p.path.startsWith(`${path}/`))
        ?.message.replace(/^\w+: (.)/, (_, c) => c.toUpperCase()),
    problemUnder: (path) => {
      const first = problems.find((p) => p.path.startsWith(path));
      return first && fieldWords(first);
    },
  };
}
