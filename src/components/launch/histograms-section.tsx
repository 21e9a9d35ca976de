'use client';

import { Segmented } from '#components/ui/index.ts';
import { NumberField } from './number-field.tsx';
import type { Draft } from './use-draft.ts';

const CHOICES = [
  { value: 'automatic', label: 'As cheap as can be' },
  { value: 'every', label: 'Every few epochs' },
  { value: 'never', label: 'Never' },
] as const;

/** How often each layer's weights and gradients are looked at. */
export function HistogramsSection({ draft }: { draft: Draft }) {
  const { config, patch, problemAt } = draft;
  const { histogramsEvery: every } = config;
  const choice = every === null ? 'automatic' : every === 0 ? 'never' : 'every';
  return (
    <section className="fs">
      <h2>Histograms</h2>
      <div>
        <Segmented
          label="Histograms of weights and gradients"
          tall
          options={CHOICES}
          value={choice}
          onChange={(value) => patch({ histogramsEvery: value === 'automatic' ? null : value === 'never' ? 0 : 1 })}
        />
        {choice === 'every' && (
          <div className="rowf">
            <NumberField
              label="Every, epochs"
              value={every ?? 1}
              width={92}
              error={problemAt('/histogramsEvery')}
              onChange={(histogramsEvery) => patch({ histogramsEvery })}
            />
          </div>
        )}
        <p className="small two mt-2">
          How weights and gradients of each layer lie, on the run’s Weights tab. All else is logged without being asked.
        </p>
      </div>
    </section>
  );
}
