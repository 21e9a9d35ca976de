'use client';

import { Download, Link2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { copyText } from '#components/ui/copy-text.ts';
import { Button, Checkbox, Popover } from '#components/ui/index.ts';
import type { RunsView } from '#core/chart/view-state.ts';
import { csvText } from '#core/format/csv.ts';
import { runId } from '#core/format/numbers.ts';
import { type Column, columnChoices, columnOf, type Filter } from '#core/run/run-table.ts';
import type { RunItem } from './runs-page.tsx';
import { toggled } from './use-view.ts';

export function RunsToolbar({
  view,
  change,
  filter,
  runs,
  matching,
  drawn,
  columns,
  launch,
}: {
  view: RunsView;
  change: (change: Partial<RunsView>) => void;
  filter: Filter;
  runs: readonly RunItem[];
  matching: readonly RunItem[];
  drawn: number;
  columns: readonly Column[];
  launch: ReactNode;
}) {
  return (
    <search className="filter">
      <label className={filter.ok ? 'rx' : 'rx wrong'}>
        <span className="vh">Filter runs by a regular expression over name, number, state and remedies</span>/
        <input
          value={view.filter}
          spellCheck={false}
          placeholder="cnn|mlp"
          aria-invalid={!filter.ok || undefined}
          onChange={(event) => change({ filter: event.target.value })}
        />
        /i
      </label>
      <span className={filter.ok ? 'two' : 'bad'} aria-live="polite">
        {filter.ok
          ? `${view.filter ? `${matching.length} of ${runs.length} match` : `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`}, ${drawn} in the charts`
          : filter.message}
      </span>
      {view.selected.length > 0 && (
        <Button size="s" variant="quiet" onClick={() => change({ selected: [] })}>
          Untick all
        </Button>
      )}
      {view.hidden.length > 0 && (
        <Button size="s" variant="quiet" onClick={() => change({ hidden: [] })}>
          Show hidden
        </Button>
      )}
      <span className="end">
        <Popover label="Columns" align="end" trigger={<Button size="s">Columns</Button>}>
          <ColumnsList runs={runs} columns={columns} change={change} />
        </Popover>
        <Button size="s" variant="quiet" onClick={() => save(matching, columns)}>
          <Download className="i" aria-hidden />
          CSV
        </Button>
        <CopyLink />
        {launch}
      </span>
    </search>
  );
}

function ColumnsList({
  runs,
  columns,
  change,
}: {
  runs: readonly RunItem[];
  columns: readonly Column[];
  change: (change: Partial<RunsView>) => void;
}) {
  const shown = columns.map((c) => c.id);
  return (
    <div className="columns-list">
      {columnChoices(runs).map((group) => (
        <fieldset key={group.title}>
          <legend className="three tiny">{group.title}</legend>
          {group.ids.map((id) => (
            <Checkbox
              key={id}
              className="flex"
              label={columnOf(id)!.head}
              checked={shown.includes(id)}
              onChange={() => change({ columns: toggled(shown, id) })}
            />
          ))}
        </fieldset>
      ))}
      <Button size="s" onClick={() => change({ columns: null })}>
        Back to the usual columns
      </Button>
    </div>
  );
}

function CopyLink() {
  const [copied, setCopied] = useState(false);
  return (
    <Button
      size="s"
      variant="quiet"
      onClick={() => {
        void copyText(window.location.href).then((done) => {
          setCopied(done);
          setTimeout(() => setCopied(false), 2000);
        });
      }}
    >
      <Link2 className="i" aria-hidden />
      <span aria-live="polite">{copied ? 'Link copied' : 'Copy link'}</span>
    </Button>
  );
}

/** Exact values, in the order and with the columns of the table. */
function save(rows: readonly RunItem[], columns: readonly Column[]) {
  const text = csvText(
    ['run', 'name', ...columns.map(csvHead)],
    rows.map((r) => [runId(r.number), r.name, ...columns.map((c) => c.value(r))]),
  );
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'runs.csv';
  link.click();
  URL.revokeObjectURL(url);
}

/** A table for machines holds seconds where the page says "1 min 13 s". */
function csvHead({ head, format }: Column): string {
  return format === 'duration' ? `${head}, s` : head;
}
