'use client';

import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useParams, useRouter } from 'next/navigation';
import { Dialog as D } from 'radix-ui';
import { createContext, type ReactNode, use, useEffect, useId, useState } from 'react';
import { runId } from '#core/format/numbers.ts';
import { type Outputs, useTRPC } from '../trpc/client.tsx';
import { cx } from '../ui/index.ts';
import { type Goal, goalsOf, matching } from './goals.ts';
import { Shortcuts } from './shortcuts.tsx';

type Shown = 'palette' | 'shortcuts' | null;
const PaletteContext = createContext<(shown: Shown) => void>(() => {});

/** Listens for Ctrl K, / and ? everywhere in the frame. */
export function PaletteProvider({ children }: { children: ReactNode }) {
  const [shown, show] = useState<Shown>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        show('palette');
        return;
      }
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || target.isContentEditable) return;
      if (/^(input|textarea|select)$/i.test(target.tagName)) return;
      if (event.key === '/' || event.key === '?') {
        event.preventDefault();
        show(event.key === '/' ? 'palette' : 'shortcuts');
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <PaletteContext value={show}>
      {children}
      <D.Root open={shown === 'palette'} onOpenChange={(open) => show(open ? 'palette' : null)}>
        <D.Portal>
          <D.Overlay className="veil" />
          <D.Content className="palette" aria-describedby={undefined}>
            <D.Title className="vh">Go to</D.Title>
            <Palette close={() => show(null)} />
          </D.Content>
        </D.Portal>
      </D.Root>
      <Shortcuts open={shown === 'shortcuts'} onOpenChange={(open) => show(open ? 'shortcuts' : null)} />
    </PaletteContext>
  );
}

export function usePalette() {
  return use(PaletteContext);
}

export function FindButton() {
  const show = usePalette();
  return (
    <button type="button" className="find" aria-keyshortcuts="Control+K" onClick={() => show('palette')}>
      <Search className="i" aria-hidden />
      <span>Search</span> <kbd>Ctrl K</kbd>
    </button>
  );
}

function Palette({ close }: { close: () => void }) {
  const trpc = useTRPC();
  const router = useRouter();
  const list = useId();
  const { projectId } = useParams<{ projectId?: string }>();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const frame = useQuery(trpc.people.frame.queryOptions()).data;
  const search = text.trim();
  const runs = useQuery({
    ...trpc.runs.list.queryOptions({ projectId: projectId ?? '', search: search || undefined, limit: 8 }),
    enabled: projectId !== undefined,
  }).data;
  const goals = [...runGoals(runs, projectId), ...matching(frame ? goalsOf(frame, projectId) : [], search)].slice(
    0,
    14,
  );
  const chosen = Math.min(at, goals.length - 1);
  const go = (goal: Goal | undefined) => {
    if (!goal) return;
    close();
    router.push(goal.href);
  };
  return (
    <>
      <input
        className="palette-in"
        role="combobox"
        aria-label="Search pages, projects and runs"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={goals[chosen] ? `${list}-${chosen}` : undefined}
        placeholder={projectId ? 'A page, a project, a run' : 'A page or a project'}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step !== undefined && goals.length > 0) {
            event.preventDefault();
            setAt((chosen + step + goals.length) % goals.length);
          } else if (event.key === 'Enter') {
            event.preventDefault();
            go(goals[chosen]);
          }
        }}
      />
      <div role="listbox" id={list} aria-label="Results" className="palette-list">
        {goals.map((goal, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input above has the keys, as a combobox does (ARIA APG)
          <div
            key={goal.href}
            id={`${list}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === chosen}
            className={cx('menu-item', i === chosen && 'chosen')}
            onClick={() => go(goal)}
            onPointerMove={() => setAt(i)}
          >
            {goal.name}
            <span className="end">{goal.where}</span>
          </div>
        ))}
      </div>
      {goals.length === 0 && (
        <p className="three small px-3 pb-3" role="status">
          Nothing matches &ldquo;{search}&rdquo;.
        </p>
      )}
    </>
  );
}

function runGoals(runs: Outputs['runs']['list'] | undefined, projectId: string | undefined): Goal[] {
  return (runs?.items ?? []).map((run) => ({
    name: `${runId(run.number)} ${run.name}`,
    where: run.state,
    href: `/p/${projectId}/runs/${run.id}`,
  }));
}
