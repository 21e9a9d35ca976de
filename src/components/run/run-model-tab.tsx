import { LayerTable } from '#components/launch/layer-table.tsx';
import { inputOf } from '#core/data/dataset-schema.ts';
import { summarise } from '#core/model/summary.ts';
import type { RunDetail } from './run-page.tsx';
import { frameOf } from './run-view.ts';

export function RunModelTab({ run }: { run: RunDetail }) {
  const { schema, task } = frameOf(run);
  return <LayerTable summary={summarise(run.config.model, inputOf(schema), run.config.batchSize, task)} />;
}
