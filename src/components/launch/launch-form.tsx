'use client';

import Link from 'next/link';
import { useMemo, useState } from 'react';
import type { Outputs } from '#components/trpc/client.tsx';
import { PageHead, Segmented } from '#components/ui/index.ts';
import { adviceOn } from '#core/config/advice.ts';
import { stepsPerEpoch } from '#core/config/check-config.ts';
import { defaultConfig, presetsFor } from '#core/config/presets.ts';
import type { ConfigPlace } from '#core/config/read-config.ts';
import { suggestName } from '#core/config/suggest-name.ts';
import { inputOf, leadMetric, taskOf } from '#core/data/dataset-schema.ts';
import { count, runId } from '#core/format/numbers.ts';
import { dataBytes } from '#core/model/data-memory.ts';
import { summarise } from '#core/model/summary.ts';
import { startFromRun } from '#core/transfer/start-from.ts';
import { CheckpointsSection } from './checkpoints-section.tsx';
import { ConfigChanges } from './config-changes.tsx';
import { DataSection } from './data-section.tsx';
import { FitNotes } from './fit-notes.tsx';
import { HistogramsSection } from './histograms-section.tsx';
import { JsonEditor } from './json-editor.tsx';
import { LaunchBox } from './launch-box.tsx';
import { LayerTable } from './layer-table.tsx';
import { LossSection } from './loss-section.tsx';
import { ModeChoice } from './mode-choice.tsx';
import { ModelSection } from './model-section.tsx';
import { OptimiserSection } from './optimiser-section.tsx';
import { RemediesSection } from './remedies-section.tsx';
import { ScheduleSection } from './schedule-section.tsx';
import { useDraft } from './use-draft.ts';
import { useSources } from './use-sources.ts';

type Info = Outputs['runs']['launchInfo'];
type Parent = Outputs['runs']['get'];

/** The form at the left, what it costs at the right; the JSON is the same configuration. */
export function LaunchForm({
  projectId,
  info,
  dataset,
  parent,
  withWeights,
}: {
  projectId: string;
  info: Info;
  dataset: NonNullable<Info['dataset']>;
  parent: Parent | null;
  withWeights: boolean;
}) {
  const { sources } = useSources();
  const place: ConfigPlace = useMemo(
    () => ({ schema: dataset.schema, trainItems: dataset.nTrain, budget: info.memoryBudget, sources }),
    [dataset, info.memoryBudget, sources],
  );
  const context = useMemo(
    () => ({ input: inputOf(dataset.schema), task: taskOf(dataset.schema), trainItems: dataset.nTrain }),
    [dataset],
  );
  const { input, task } = context;
  const noun = input.kind === 'image' ? 'image' : 'row';
  const presets = useMemo(() => presetsFor(inputOf(dataset.schema), taskOf(dataset.schema)), [dataset]);
  const copied = parent && (withWeights ? { ...parent.config, startFrom: startFromRun(parent) } : parent.config);
  const draft = useDraft(copied ?? defaultConfig(input, task, dataset.nTrain), place);
  const [asJson, setAsJson] = useState(false);
  const [repeats, setRepeats] = useState(1);
  const [layersBroken, setLayersBroken] = useState(false);
  const [name, setName] = useState<string | null>(null);

  const summary = useMemo(() => {
    try {
      const { model, batchSize, startFrom } = draft.config;
      return summarise(model, inputOf(place.schema), batchSize || 1, taskOf(place.schema), startFrom?.freezeUpTo);
    } catch {
      return null;
    }
  }, [draft.config, place]);
  const advice = draft.valid ? adviceOn(draft.valid, input, task, dataset.nTrain, noun, dataset.classes) : [];
  // The form is drawn as it is typed; a text with a mistake in it leaves what was drawn last.
  const stale = asJson && !draft.valid;
  const sameLayers = parent && JSON.stringify(parent.config.model) === JSON.stringify(draft.valid?.model);
  const pace =
    sameLayers && parent.itemsPerSecond ? { itemsPerSecond: parent.itemsPerSecond, of: runId(parent.number) } : null;

  return (
    <>
      <PageHead
        title="Launch a run"
        about={
          parent ? (
            <>
              Copied from{' '}
              <Link href={`/p/${projectId}/runs/${parent.id}`}>
                {runId(parent.number)} {parent.name}
              </Link>
            </>
          ) : undefined
        }
        actions={
          <Segmented
            label="Edit as"
            tall
            options={[
              { value: 'form', label: 'Form' },
              { value: 'json', label: 'JSON' },
            ]}
            value={asJson ? 'json' : 'form'}
            onChange={(v) => {
              setLayersBroken(false);
              setAsJson(v === 'json');
            }}
          />
        }
      />
      <form className="launch" onSubmit={(event) => event.preventDefault()}>
        <div>
          <DataSection dataset={dataset} noun={noun} />
          {asJson ? (
            <section className="fs wide">
              <header>
                <h2>Configuration</h2>
                <span className="small two">The same JSON that scripts and the command line send.</span>
              </header>
              <JsonEditor
                label="Configuration as JSON"
                text={draft.text}
                onChange={draft.setText}
                problems={draft.problems}
                okay="Nothing is wrong with it. The form shows the same."
              />
            </section>
          ) : (
            <>
              <ModelSection
                draft={draft}
                presets={presets}
                place={place}
                parameters={summary?.parameters ?? null}
                noun={noun}
                onBroken={setLayersBroken}
              />
              <LossSection
                draft={draft}
                task={task}
                classes={'classes' in dataset.schema ? dataset.schema.classes : []}
              />
              <OptimiserSection draft={draft} can={info.memoryBudget} repeats={repeats} onRepeats={setRepeats} />
              <ScheduleSection draft={draft} trainItems={dataset.nTrain} lead={leadMetric(task).name} />
              <CheckpointsSection draft={draft} />
              <HistogramsSection draft={draft} />
              <RemediesSection
                draft={draft}
                context={context}
                launch={
                  info.canWrite && draft.valid
                    ? {
                        projectId,
                        datasetId: dataset.id,
                        name: name?.trim() || suggestName(draft.valid, input, task),
                      }
                    : null
                }
                dataset={dataset}
                changes={
                  parent && (
                    <>
                      <div className="t">
                        <b>What changes from {runId(parent.number)}</b>
                      </div>
                      <ConfigChanges
                        before={parent.config}
                        after={draft.config}
                        same="Nothing yet. The same run again, seed and all."
                      />
                    </>
                  )
                }
              />
            </>
          )}
        </div>
        <aside className="side" aria-label="Layers and cost">
          <div className="stick">
            <header className="side-head">
              <h2>Layers</h2>
              <span className="small three">
                {stale ? (
                  'of the last JSON that was right'
                ) : (
                  <>
                    batch {draft.config.batchSize || '…'},{' '}
                    {draft.valid
                      ? `${count(stepsPerEpoch(dataset.nTrain, draft.valid))} steps an epoch`
                      : 'updates as you type'}
                  </>
                )}
              </span>
            </header>
            {summary ? (
              <LayerTable summary={summary} hot={advice.find((a) => a.layer)?.layer} />
            ) : (
              <p className="small two py-3">The layers don’t fit together yet. What is wrong stands below.</p>
            )}
            <FitNotes
              draft={draft}
              problems={asJson ? [] : draft.problems}
              input={input}
              advice={advice}
              data={dataBytes(input, task, dataset.nTrain + dataset.nValidation)}
              budget={info.memoryBudget}
              pace={pace}
              trainItems={dataset.nTrain}
              repeats={repeats}
            />
            <ModeChoice draft={draft} />
            <LaunchBox
              projectId={projectId}
              datasetId={dataset.id}
              config={layersBroken ? null : draft.valid}
              suggested={suggestName(draft.valid ?? draft.config, input, task)}
              name={name}
              onName={setName}
              repeats={repeats}
              parentId={parent?.id}
              canWrite={info.canWrite}
              waiting={info.waiting}
              busy={info.busy}
              trainers={info.trainers}
            />
          </div>
        </aside>
      </form>
    </>
  );
}
