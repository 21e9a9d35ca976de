import { LadderButton } from '#components/comparison/ladder-button.tsx';
import { LayerTable } from '#components/launch/layer-table.tsx';
import { ladderSizes, whyNoLadder } from '#core/comparison/ladder.ts';
import { inputOf } from '#core/data/dataset-schema.ts';
import { summarise } from '#core/model/summary.ts';
import { isCheck } from '#core/run/modes.ts';
import { wasCutShort } from '#core/run/stop-reasons.ts';
import { ModelGraph } from './model-graph.tsx';
import type { RunDetail } from './run-page.tsx';
import { frameOf } from './run-view.ts';

export function RunModelTab({ run }: { run: RunDetail }) {
  const { schema, task } = frameOf(run);
  const { model, batchSize, startFrom } = run.config;
  const summary = summarise(model, inputOf(schema), batchSize, task, startFrom?.freezeUpTo);
  // A chain of layers is what the table shows already.
  const branches = summary.rows.some(({ inputs }) => inputs.length > 1);
  const noLadder = whyNoLadder(run.config);
  return (
    <div className="grid grid-cols-1 gap-5">
      <div className={branches ? 'with-graph' : undefined}>
        <div>
          <LayerTable summary={summary} />
        </div>
        {branches && <ModelGraph summary={summary} />}
      </div>
      {noLadder && run.canWrite && !isCheck(run.config) && <p className="small two">{noLadder}</p>}
      {!noLadder && run.canWrite && !isCheck(run.config) && (
        <section aria-label="Capacity" className="grid gap-2">
          <p className="small two">
            Is it too large, or too small? A ladder trains this run at an eighth, a quarter, half, once and twice its
            width, and plots train and validation loss against parameters.
          </p>
          <div>
            <LadderButton
              projectId={run.project.id}
              runs={ladderSizes(run.config.model) - (wasCutShort(run) ? 0 : 1)}
              of={{ runId: run.id }}
            />
          </div>
        </section>
      )}
    </div>
  );
}
