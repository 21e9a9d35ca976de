import type { ClassRow } from './class-view.ts';

const STATES = [
  ['finished', 'finished', { background: 'var(--ink-3)' }],
  ['stopped', 'stopped', { background: 'var(--line-strong)' }],
  ['running', 'training', { background: 'var(--ink)' }],
  ['queued', 'queued', { boxShadow: 'inset 0 0 0 1px var(--ink-3)' }],
  ['failed', 'failed', { background: 'var(--bad)' }],
] as const;

/** Runs by state: a bar as long as the class's largest number, and the same in words. */
export function RunsBar({ runs, most }: { runs: ClassRow['runs']; most: number }) {
  const present = STATES.filter(([state]) => runs[state] > 0);
  if (present.length === 0) return <span className="three">none</span>;
  return (
    <>
      <span className="rb" aria-hidden>
        {present.map(([state, , style]) => (
          <i key={state} style={{ ...style, width: `${Math.max(3, (runs[state] / most) * 92)}px` }} />
        ))}
      </span>
      <span className="tiny two">{present.map(([state, word]) => `${runs[state]} ${word}`).join(', ')}</span>
    </>
  );
}
