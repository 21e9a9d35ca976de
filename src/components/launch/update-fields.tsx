'use client';

import { Field, Select, Switch } from '#components/ui/index.ts';
import { stepItems } from '#core/config/check-config.ts';
import type { Objective } from '#core/config/objective.ts';
import { CONSTANTS, updateWords } from '#core/config/objective-words.ts';
import type { OptimizerSpec } from '#core/config/run-config.ts';
import { count } from '#core/format/numbers.ts';
import { NumberField } from './number-field.tsx';
import type { Draft } from './use-draft.ts';

const START_CLIPPING = { norm: 1, value: 0.5 };
const START_EMA = 0.999;

const LABELS: Record<Exclude<(typeof CONSTANTS)[number], 'nesterov'>, string> = {
  beta1: 'Beta 1',
  beta2: 'Beta 2',
  alpha: 'Alpha',
  epsilon: 'Epsilon',
};

/** How a gradient becomes an update: folded away until something in it is not as usual. */
export function UpdateFields({ draft }: { draft: Draft }) {
  const { config, patch, problemAt } = draft;
  const { optimizer, gradientClipping: clipping, accumulate, ema } = config;
  const set = (change: object) => patch({ optimizer: { ...optimizer, ...change } as OptimizerSpec });
  const changed = updateWords(config);
  return (
    <details className="fold" open={changed.length > 0 || undefined}>
      <summary>
        Update<span className="two">{changed.length > 0 ? changed.join(', ') : 'as usual'}</span>
      </summary>
      <div className="rowf">
        {optimizer.kind === 'sgd' && (
          <Field label="Nesterov" error={problemAt('/optimizer/nesterov')}>
            <Switch checked={optimizer.nesterov} onChange={(event) => set({ nesterov: event.target.checked })} />
          </Field>
        )}
        {CONSTANTS.map(
          (key) =>
            key !== 'nesterov' &&
            key in optimizer && (
              <NumberField
                key={`${optimizer.kind} ${key}`}
                label={LABELS[key]}
                value={optimizer[key as keyof OptimizerSpec] as unknown as number}
                width={72}
                error={problemAt(`/optimizer/${key}`)}
                onChange={(value) => set({ [key]: value })}
              />
            ),
        )}
        <Field label="Clip gradients">
          <Select
            value={clipping?.kind ?? 'none'}
            onChange={(event) => patch({ gradientClipping: clippingOf(event.target.value) })}
          >
            <option value="none">no</option>
            <option value="norm">by their norm</option>
            <option value="value">each number</option>
          </Select>
        </Field>
        {clipping && (
          <NumberField
            key={clipping.kind}
            label="At most"
            value={clipping.limit}
            width={64}
            error={problemAt('/gradientClipping/limit')}
            onChange={(limit) => patch({ gradientClipping: { ...clipping, limit } })}
          />
        )}
        <NumberField
          label="Batches an update"
          value={accumulate}
          width={64}
          hint={accumulate > 1 ? `${count(stepItems(config))} items` : undefined}
          error={problemAt('/accumulate')}
          onChange={(value) => patch({ accumulate: value })}
        />
        <Field label="Average weights">
          <Switch
            checked={ema !== null}
            onChange={(event) => patch({ ema: event.target.checked ? { decay: START_EMA } : null })}
          />
        </Field>
        {ema && (
          <NumberField
            label="Kept each update"
            value={ema.decay}
            width={72}
            error={problemAt('/ema/decay')}
            onChange={(decay) => patch({ ema: { decay } })}
          />
        )}
      </div>
    </details>
  );
}

function clippingOf(kind: string): Objective['gradientClipping'] {
  return kind === 'norm' || kind === 'value' ? { kind, limit: START_CLIPPING[kind] } : null;
}
