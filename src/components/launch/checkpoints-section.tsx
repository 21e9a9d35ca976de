'use client';

import { Checkbox } from '#components/ui/index.ts';
import { NumberField } from './number-field.tsx';
import type { Draft } from './use-draft.ts';

/** Which epochs' weights stay when the run is over. */
export function CheckpointsSection({ draft }: { draft: Draft }) {
  const { config, patch, problemAt } = draft;
  const { checkpoints } = config;
  const set = (change: Partial<typeof checkpoints>) => patch({ checkpoints: { ...checkpoints, ...change } });
  return (
    <section className="fs">
      <h2>Checkpoints</h2>
      <div>
        <Checkbox
          checked={checkpoints.everyEpochs !== null}
          onChange={(event) =>
            set({ everyEpochs: event.target.checked ? Math.max(1, Math.round((config.epochs || 10) / 10)) : null })
          }
          label="Also keep one every few epochs"
        />
        <div className="rowf">
          <NumberField
            label="Keep the best"
            value={checkpoints.keepBest}
            width={92}
            error={problemAt('/checkpoints/keepBest')}
            onChange={(keepBest) => set({ keepBest })}
          />
          {checkpoints.everyEpochs !== null && (
            <NumberField
              label="And every, epochs"
              value={checkpoints.everyEpochs}
              width={92}
              error={problemAt('/checkpoints/everyEpochs')}
              onChange={(everyEpochs) => set({ everyEpochs })}
            />
          )}
        </div>
        <p className="small two mt-2">
          The best epoch’s weights and the last ones always stay; every checkpoint can be exported.
        </p>
      </div>
    </section>
  );
}
