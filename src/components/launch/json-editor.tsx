'use client';

import { useId, useRef } from 'react';
import type { ErrorItem } from '#core/errors.ts';

/** JSON with line numbers; what is wrong stands below with its line, and a press on it goes there. */
export function JsonEditor({
  label,
  text,
  onChange,
  problems,
  okay,
}: {
  label: string;
  text: string;
  onChange: (text: string) => void;
  problems: readonly (ErrorItem & { line?: number })[];
  /** what stands below when nothing is wrong */
  okay: string;
}) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const lines = text.split('\n');
  const marked = new Set(problems.map((p) => p.line));

  function goTo(line: number) {
    const from = lines.slice(0, line - 1).reduce((n, l) => n + l.length + 1, 0);
    area.current?.focus();
    area.current?.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0));
  }

  return (
    <div className="json">
      <div className="json-box">
        <ol aria-hidden>
          {lines.map((_, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
            <li key={i} className={marked.has(i + 1) ? 'bad' : undefined}>
              {i + 1}
            </li>
          ))}
        </ol>
        <textarea
          ref={area}
          aria-label={label}
          aria-invalid={problems.length > 0 || undefined}
          aria-describedby={`${id}-problems`}
          value={text}
          rows={Math.max(4, lines.length)}
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
      <div id={`${id}-problems`} className="small mt-2" aria-live="polite">
        {problems.length === 0 ? (
          <p className="two">{okay}</p>
        ) : (
          <ul>
            {problems.map((problem) => (
              <li key={`${problem.line} ${problem.path} ${problem.message}`} className="bad">
                {problem.line !== undefined && (
                  <button type="button" className="link small" onClick={() => goTo(problem.line!)}>
                    line {problem.line}
                  </button>
                )}{' '}
                {problem.message}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
