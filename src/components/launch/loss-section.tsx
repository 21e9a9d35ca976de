'use client';

import { Field, Segmented, Select } from '#components/ui/index.ts';
import { LOSS_NAMES, LOSSES_OF, type LossSpec, lossOf, lossSchema } from '#core/config/objective.ts';
import type { RunConfig } from '#core/config/run-config.ts';
import type { TaskSpec } from '#core/model/spec.ts';
import { NumberField } from './number-field.tsx';
import type { Draft } from './use-draft.ts';

/** More fields than this are edited as JSON. */
const MOST_FIELDS = 12;

/** What the run makes small, and what each class counts in it. */
export function LossSection({ draft, task, classes }: { draft: Draft; task: TaskSpec; classes: readonly string[] }) {
  const { config, patch, problemAt } = draft;
  const loss = lossOf(config.loss, task);
  const set = (change: object) => patch({ loss: { ...loss, ...change } as LossSpec });
  return (
    <section className="fs">
      <h2>Loss</h2>
      <div>
        <Segmented
          label="Loss"
          tall
          options={LOSSES_OF[task.kind].map((value) => ({ value, label: LOSS_NAMES[value] }))}
          value={loss.kind}
          onChange={(kind) => patch({ loss: kind === LOSSES_OF[task.kind][0] ? null : lossSchema.parse({ kind }) })}
        />
        {(task.kind === 'classification' || loss.kind === 'huber') && (
          <div className="rowf">
            {'labelSmoothing' in loss && (
              <NumberField
                label="Label smoothing"
                value={loss.labelSmoothing}
                width={72}
                error={problemAt('/loss/labelSmoothing')}
                onChange={(labelSmoothing) => set({ labelSmoothing })}
              />
            )}
            {loss.kind === 'huber' && (
              <NumberField
                label="Straight from"
                value={loss.delta}
                width={72}
                hint="in normalised targets"
                error={problemAt('/loss/delta')}
                onChange={(delta) => set({ delta })}
              />
            )}
            {task.kind === 'classification' && <Classes draft={draft} classes={classes} />}
          </div>
        )}
      </div>
    </section>
  );
}

function Classes({ draft, classes }: { draft: Draft; classes: readonly string[] }) {
  const { config, patch, problemAt } = draft;
  const { classWeights, sampling } = config;
  const own = Array.isArray(classWeights) ? classWeights : null;
  const choose = (choice: string) =>
    patch({ classWeights: choice === 'same' ? null : choice === 'balanced' ? choice : classes.map(() => 1) });
  return (
    <>
      <Field label="Classes weigh" error={problemAt('/classWeights')}>
        <Select
          value={typeof classWeights === 'string' ? classWeights : own ? 'own' : 'same'}
          onChange={(event) => choose(event.target.value)}
        >
          <option value="same">each item the same</option>
          <option value="balanced">each class the same</option>
          <option value="own">as I say</option>
        </Select>
      </Field>
      <Field label="An epoch shows" error={problemAt('/sampling')}>
        <Select value={sampling} onChange={(event) => patch({ sampling: event.target.value as RunConfig['sampling'] })}>
          <option value="shuffle">each item once</option>
          <option value="balanced">each class as often</option>
        </Select>
      </Field>
      {own &&
        own.length <= MOST_FIELDS &&
        own.map((weight, i) => (
          <NumberField
            // biome-ignore lint/suspicious/noArrayIndexKey: a weight is its class's by its place
            key={i}
            label={classes[i] ?? `Class ${i}`}
            value={weight}
            width={64}
            onChange={(value) => patch({ classWeights: own.with(i, value) })}
          />
        ))}
      {own && own.length > MOST_FIELDS && <span className="small two">{own.length} weights; edit them as JSON.</span>}
    </>
  );
}
