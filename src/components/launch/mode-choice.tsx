'use client';

import { Segmented } from '#components/ui/index.ts';
import { RUN_MODES } from '#core/config/run-config.ts';
import { isCheck, MODE_WORDS } from '#core/run/modes.ts';
import type { Draft } from './use-draft.ts';

/** Train, or check first what a long run would find out late. */
export function ModeChoice({ draft }: { draft: Draft }) {
  const { mode } = draft.config;
  return (
    <div className="mode-choice">
      <Segmented
        label="What it does"
        options={RUN_MODES.map((value) => ({ value, label: MODE_WORDS[value].name }))}
        value={mode}
        onChange={(value) => draft.patch({ mode: value })}
      />
      <p className="small two">
        {MODE_WORDS[mode].about}
        {isCheck(draft.config) && ' A check keeps no weights and can’t be final.'}
      </p>
    </div>
  );
}
