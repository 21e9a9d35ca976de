'use client';

import { type ReactNode, useId } from 'react';
import { Field, Select, Switch } from '#components/ui/index.ts';
import { dropoutPlaces, dropoutRates, withDropout, withoutDropout } from '#core/config/presets.ts';
import type { EarlyStoppingSpec } from '#core/config/run-config.ts';
import type { ErrorItem } from '#core/errors.ts';
import { layerNames } from '#core/model/names.ts';
import type { ModelSpec } from '#core/model/spec.ts';
import { NumberInput } from './number-field.tsx';
import type { Draft } from './use-draft.ts';

const START_DROPOUT = 0.3;
const START_L2 = 1e-4;
const START_PATIENCE = 5;

export function RemediesSection({
  draft,
  metric,
  changes,
}: {
  draft: Draft;
  metric: 'accuracy' | 'rmse';
  /** "What changes from r-0142", where the run is a copy */
  changes: ReactNode;
}) {
  const { config } = draft;
  const on = [dropoutRates(config.model).length > 0, config.earlyStopping !== null, config.l2 > 0].filter(
    Boolean,
  ).length;
  return (
    <section className="fs wide">
      <header>
        <h2>Against overfitting</h2>
        <span className="small two">
          {on} of 3 on. Change one or two at a time, or you won’t know which one helped.
        </span>
      </header>
      <ul className="rem">
        <Dropout draft={draft} />
        <EarlyStopping draft={draft} metric={metric} />
        <L2 draft={draft} />
        {changes && <li>{changes}</li>}
      </ul>
    </section>
  );
}

function Remedy({
  label,
  checked,
  onChange,
  disabled,
  about,
  source,
  problem,
  children,
}: {
  label: string;
  checked: boolean;
  onChange: (on: boolean) => void;
  disabled?: boolean;
  about: string;
  source: string;
  problem?: string | undefined;
  children?: ReactNode;
}) {
  const id = useId();
  return (
    <li>
      <div className="t">
        <Switch id={id} checked={checked} disabled={disabled} onChange={(event) => onChange(event.target.checked)} />
        <label htmlFor={id}>{label}</label>
      </div>
      <p>
        {about} <cite>{source}</cite>
      </p>
      {checked && children && <div className="set">{children}</div>}
      {problem && (
        <p className="bad small" role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}

function namesOf(model: ModelSpec): string[] | null {
  try {
    return layerNames(model);
  } catch {
    return null;
  }
}

function Dropout({ draft }: { draft: Draft }) {
  const { config, patch, problemAt } = draft;
  const rates = dropoutRates(config.model);
  const names = namesOf(config.model);
  const places = names ? dropoutPlaces(config.model, names) : [];
  const at = config.model.layers.findIndex((l) => l.type === 'dropout');
  const after = names && at > 0 ? names[at - 1]! : places.at(-1);
  const put = (place: string, rate: number) =>
    names && patch({ model: withDropout(config.model, config.model.layers[names.indexOf(place)]!, rate) });
  return (
    <Remedy
      label="Dropout"
      checked={rates.length > 0}
      disabled={rates.length === 0 && places.length === 0}
      onChange={(on) => (on ? put(places.at(-1)!, START_DROPOUT) : patch({ model: withoutDropout(config.model) }))}
      about="Switches off random units at each step, so that no unit can lean on one other. It slows the fall of training loss, and that is the point."
      source="Srivastava et al. 2014"
      problem={rates.length === 1 ? problemAt(`/model/layers/${at}/rate`) : undefined}
    >
      {rates.length > 1 ? (
        <span>
          {rates.length} layers, {Math.min(...rates)} to {Math.max(...rates)}. Edit them in the layers.
        </span>
      ) : (
        <>
          <Field label="Rate">
            <NumberInput
              width={60}
              value={rates[0] ?? START_DROPOUT}
              onChange={(rate) =>
                patch({
                  model: {
                    layers: config.model.layers.map((l) => (l.type === 'dropout' ? { ...l, rate } : l)),
                  },
                })
              }
            />
          </Field>
          {after && places.includes(after) && (
            <Field label="After">
              <Select value={after} onChange={(event) => put(event.target.value, rates[0]!)}>
                {places.map((place) => (
                  <option key={place}>{place}</option>
                ))}
              </Select>
            </Field>
          )}
        </>
      )}
    </Remedy>
  );
}

function EarlyStopping({ draft, metric }: { draft: Draft; metric: 'accuracy' | 'rmse' }) {
  const { config, patch } = draft;
  const stop = config.earlyStopping;
  const set = (change: Partial<EarlyStoppingSpec>) => stop && patch({ earlyStopping: { ...stop, ...change } });
  const direction = (name: string) => (name === 'accuracy' ? 'max' : 'min');
  const problem = draft.problems.find((p: ErrorItem) => p.path.startsWith('/earlyStopping'))?.message;
  return (
    <Remedy
      label="Early stopping"
      checked={stop !== null}
      onChange={(on) =>
        patch({
          earlyStopping: on
            ? { metric: 'loss', direction: 'min', patience: START_PATIENCE, minDelta: 0, warmupEpochs: 0 }
            : null,
        })
      }
      about="Ends the run when validation stops getting better, and keeps the best weights. It looks at validation often, so trust the last digit less."
      source="Prechelt 1998"
      problem={problem}
    >
      {stop && (
        <>
          <Field label="Watch">
            <Select
              value={stop.metric}
              onChange={(event) => {
                const name = event.target.value as EarlyStoppingSpec['metric'];
                set({ metric: name, direction: direction(name) });
              }}
            >
              <option value="loss">validation loss, down</option>
              <option value={metric}>validation {metric === 'rmse' ? 'RMSE, down' : 'accuracy, up'}</option>
            </Select>
          </Field>
          <Field label="Patience, epochs">
            <NumberInput width={60} value={stop.patience} onChange={(patience) => set({ patience })} />
          </Field>
        </>
      )}
    </Remedy>
  );
}

function L2({ draft }: { draft: Draft }) {
  const { config, patch, problemAt } = draft;
  return (
    <Remedy
      label="L2 penalty"
      checked={config.l2 !== 0}
      onChange={(on) => patch({ l2: on ? START_L2 : 0 })}
      about="Charges the loss for large weights, so that simple answers win over wild ones. Biases and norms are left alone, and the penalty is logged apart from the loss."
      source="Krogh and Hertz 1991"
      problem={problemAt('/l2')}
    >
      <Field label="Factor">
        <NumberInput width={60} value={config.l2} onChange={(l2) => patch({ l2 })} />
      </Field>
    </Remedy>
  );
}
