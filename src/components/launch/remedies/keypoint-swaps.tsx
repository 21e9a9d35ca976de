import { type ReactNode, useRef, useState } from 'react';
import { Button, Field, Select } from '#components/ui/index.ts';
import { proposeSwaps, unswapped } from '#core/augmentation/swaps.ts';

type Pair = [string, string];

/** Which points of a picture change places in its mirror image: those that their names propose, or one's own pairs. */
export function KeypointSwaps({
  names,
  swaps,
  onChange,
}: {
  names: readonly string[];
  /** null: as the names propose */
  swaps: readonly Pair[] | null;
  onChange: (swaps: Pair[] | null) => void;
}) {
  const section = useRef<HTMLElement>(null);
  const pairs = [...(swaps ?? proposeSwaps(names))];
  const change = (next: Pair[] | null) => {
    onChange(next);
    // The pressed button goes: without this, Tab would start at the top of the page again.
    section.current?.focus();
  };
  return (
    <section ref={section} tabIndex={-1} className="swaps" aria-label="Points that a mirror image swaps">
      <div className="now">
        <p aria-live="polite">
          A mirror image swaps {pairs.length === 0 ? 'no points' : counted(pairs.length)}
          {swaps === null && pairs.length > 0 ? ', as their names say.' : '.'}
        </p>
        {swaps !== null && (
          <button type="button" className="link" onClick={() => change(null)}>
            Put back as proposed
          </button>
        )}
      </div>
      {pairs.length > 0 && (
        <ul>
          {pairs.map(([a, b], i) => (
            <li key={`${a} ${b}`}>
              <span>
                {a} ↔ {b}
              </span>
              <button
                type="button"
                className="link"
                aria-label={`Remove ${a} ↔ ${b}`}
                onClick={() => change(pairs.toSpliced(i, 1))}
              >
                Remove
              </button>
            </li>
          ))}
        </ul>
      )}
      <AddPair free={unswapped(names, pairs)} onAdd={(pair) => change([...pairs, pair])} />
    </section>
  );
}

function AddPair({ free, onAdd }: { free: readonly string[]; onAdd: (pair: Pair) => void }) {
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  if (free.length < 2) return null;
  const a = free.includes(first) ? first : '';
  const b = free.includes(second) && second !== a ? second : '';
  return (
    <div className="add">
      <Point label="Swap" value={a} points={free} onChange={setFirst} />
      <Point label={SWAP_WITH} value={b} points={free.filter((name) => name !== a)} onChange={setSecond} />
      <Button size="s" disabled={!a || !b} onClick={() => onAdd([a, b])}>
        Add the pair
      </Button>
    </div>
  );
}

/** To the eye it goes on from the first select; alone, "with" would name nothing. */
const SWAP_WITH = (
  <>
    <span className="vh">Swap </span>with
  </>
);

function Point({
  label,
  value,
  points,
  onChange,
}: {
  label: ReactNode;
  value: string;
  points: readonly string[];
  onChange: (name: string) => void;
}) {
  return (
    <Field label={label}>
      <Select value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">a point</option>
        {points.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  );
}

function counted(n: number): string {
  return n === 1 ? '1 pair of points' : `${n} pairs of points`;
}
