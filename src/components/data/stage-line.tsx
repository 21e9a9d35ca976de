import { Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { Progress } from '../ui/index.ts';
import { count } from './words.ts';

const NAMES = {
  uploaded: 'Uploaded',
  unpacked: 'Unpacked',
  checked: 'Checked',
  duplicates: 'Duplicates found',
  split: 'Split',
  sealed: 'Sealed',
} as const;
export type StageName = keyof typeof NAMES;
const ORDER = Object.keys(NAMES) as StageName[];

/** The six stages of an upload: done ones with what came out, the running one with how far it is. */
export function StageLine({
  stages,
  working,
  progress,
  notes,
}: {
  stages: Record<string, string>;
  /** something works on the next stage right now */
  working: boolean;
  progress: { stage: string; done: number; total: number | null } | null;
  notes: Partial<Record<StageName, ReactNode>>;
}) {
  const current = ORDER.find((name) => !stages[name]);
  return (
    <ol className="way" aria-label="Stages of the upload">
      {ORDER.map((name) => {
        const done = Boolean(stages[name]);
        const now = working && name === current;
        const running = now && progress?.stage === name ? progress : null;
        return (
          <li key={name} className={done ? 'done' : now ? 'now' : 'next'} aria-current={now ? 'step' : undefined}>
            <b>
              {name === 'sealed' && done && <Lock className="i" aria-hidden />}
              {NAMES[name]}
              <span className="vh">{done ? ', done' : now ? ', at work' : ', to come'}</span>
            </b>
            {done && notes[name]}
            {now && (
              <>
                {running
                  ? `${count(running.done)}${running.total ? ` of ${count(running.total)}` : ' rows'}`
                  : 'at work'}
                <Progress
                  label={NAMES[name]}
                  value={running?.total ? running.done : undefined}
                  max={running?.total ?? 1}
                />
              </>
            )}
          </li>
        );
      })}
    </ol>
  );
}
