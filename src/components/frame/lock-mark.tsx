import { Lock as Closed, LockOpen } from 'lucide-react';
import type { Lock } from '#server/projects/lock.ts';

export const LOCK_WORDS: Record<Lock, string> = {
  none: 'no data sealed',
  sealed: 'sealed',
  committed: 'committed',
  opened: 'opened',
};

/** Closed while sealed or committed, open afterwards; nothing before there is a seal. Its word stands beside it or is read aloud. */
export function LockMark({ lock, spoken }: { lock: Lock; spoken?: boolean }) {
  if (lock === 'none') return null;
  const Mark = lock === 'opened' ? LockOpen : Closed;
  return (
    <>
      <Mark className="i" aria-hidden />
      {spoken && <span className="vh">test part {LOCK_WORDS[lock]}</span>}
    </>
  );
}
