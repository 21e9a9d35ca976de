import { type ReactNode, useId } from 'react';
import { cx, Switch } from '#components/ui/index.ts';
import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import type { Remedy, RemedyContext } from '#core/remedies/index.ts';
import type { Draft } from '../use-draft.ts';

/** What every remedy's card is given. */
export interface CardProps {
  remedy: Remedy;
  draft: Draft;
  context: RemedyContext;
  /** where a launch from a card goes; null while something is wrong, or for who may only read */
  launch: { projectId: string; datasetId: string; name: string } | null;
  dataset: { id: string; schema: DatasetSchema };
}

/** One remedy on the launch page: its switch, what it does and who found it, and its settings while it is on. */
export function RemedyCard({
  remedy,
  checked,
  onChange,
  disabled,
  problem,
  note,
  wide,
  aside,
  children,
}: {
  remedy: Remedy;
  checked: boolean;
  /** left out = nothing to switch: the settings are always there */
  onChange?: (on: boolean) => void;
  disabled?: boolean;
  problem?: string | undefined;
  /** of this configuration, e.g. why it can't be switched on */
  note?: ReactNode;
  /** takes the whole width, with `aside` beside its settings */
  wide?: boolean;
  aside?: ReactNode;
  children?: ReactNode;
}) {
  const id = useId();
  const { source } = remedy;
  return (
    <li className={cx(wide && 'wide') || undefined}>
      <div>
        <div className="t">
          {onChange ? (
            <>
              <Switch
                id={id}
                checked={checked}
                disabled={disabled}
                onChange={(event) => onChange(event.target.checked)}
              />
              <label htmlFor={id}>{remedy.name}</label>
            </>
          ) : (
            <b>{remedy.name}</b>
          )}
        </div>
        <p>
          {remedy.sentences.join(' ')}{' '}
          <a className="src" href={source.url} title={source.title} target="_blank" rel="noreferrer">
            {source.label}
          </a>
        </p>
        {(checked || !onChange) && children && <div className="set">{children}</div>}
        {note && <div className="remark small">{note}</div>}
        {problem && (
          <p className="bad small" role="alert">
            {problem}
          </p>
        )}
      </div>
      {aside}
    </li>
  );
}
