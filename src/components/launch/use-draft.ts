'use client';

import { useMemo, useState } from 'react';
import { configText } from '#core/config/config-text.ts';
import { type ConfigPlace, type LineProblem, readConfig, readConfigText } from '#core/config/read-config.ts';
import type { RunConfig } from '#core/config/run-config.ts';
import type { ErrorItem } from '#core/errors.ts';

export interface Draft {
  /** as it is edited: a number may be NaN while it is typed */
  config: RunConfig;
  /** the configuration once nothing is wrong with it */
  valid: RunConfig | null;
  problems: (ErrorItem | LineProblem)[];
  patch: (change: Partial<RunConfig>) => void;
  /** the JSON, always in step with the form; with a mistake in it, the form keeps the last that was right */
  text: string;
  setText: (text: string) => void;
  /** the message for one field, by JSON pointer */
  problemAt: (path: string) => string | undefined;
}

/** One configuration that a form and a text edit together. */
export function useDraft(initial: RunConfig, place: ConfigPlace): Draft {
  const [{ config, typed }, setState] = useState<{ config: RunConfig; typed: string | null }>({
    config: initial,
    typed: null,
  });
  const read = useMemo(
    () => (typed === null ? readConfig(config, place) : readConfigText(typed, place)),
    [config, typed, place],
  );
  const problems = read.ok ? [] : read.problems;
  return {
    config,
    valid: read.ok ? read.config : null,
    problems,
    patch: (change) => setState({ config: { ...config, ...change }, typed: null }),
    text: typed ?? configText(config),
    setText: (text) => {
      const now = readConfigText(text, place);
      setState({ config: now.ok ? now.config : config, typed: text });
    },
    // Beside its own label a field needs no name.
    problemAt: (path) =>
      problems
        .find((p) => p.path === path || p.path.startsWith(`${path}/`))
        ?.message.replace(/^\w+: (.)/, (_, c) => c.toUpperCase()),
  };
}
