'use client';

import { useMutation } from '@tanstack/react-query';
import { FlaskConical } from 'lucide-react';
import { type ReactNode, useId, useMemo, useState } from 'react';
import { ConfigChanges } from '#components/launch/config-changes.tsx';
import { REPEATS } from '#components/launch/optimiser-section.tsx';
import { SourceOptions, sourceName } from '#components/launch/source-options.tsx';
import { useSourcesOf } from '#components/launch/use-sources.ts';
import type { RunDetail } from '#components/run/run-page.tsx';
import { useTRPC } from '#components/trpc/client.tsx';
import { Button, Dialog, ErrorState, Field, Segmented, Select } from '#components/ui/index.ts';
import { type Advice, adviceOn } from '#core/config/advice.ts';
import type { RunConfig } from '#core/config/run-config.ts';
import { datasetSchema, inputOf, taskOf } from '#core/data/dataset-schema.ts';
import { duration } from '#core/format/numbers.ts';
import { CHANGES, type ChangeId, changeById, changeTitle, whyNoChange } from '#core/remedies/changes.ts';
import { REMEDIES, type RemedyContext } from '#core/remedies/index.ts';
import { otherSources } from '#core/remedies/transfer.ts';
import { wasCutShort } from '#core/run/stop-reasons.ts';
import { rankSources } from '#core/transfer/rank-sources.ts';
import { takesOverWords } from '#core/transfer/takes-over.ts';
import { useOpenComparison } from './use-open-comparison.ts';

type Seeds = (typeof REPEATS)[number]['value'];

/** For any run: choose a remedy, then compare. */
export function TryRemedy({ run }: { run: RunDetail }) {
  return (
    <TryDialog
      run={run}
      start={null}
      trigger={
        <Button>
          <FlaskConical className="i" aria-hidden />
          Try a remedy
        </Button>
      }
    />
  );
}

/** One change that a diagnosis asks for. Plain words where it would change nothing in this run. */
export function TryChange({ run, change, name }: { run: RunDetail; change: ChangeId; name: string }) {
  const found = changeById(change);
  const after = found?.apply(run.config, contextOf(run));
  if (!found || !after) return name;
  return (
    <TryDialog run={run} start={change} trigger={<Button size="s">{changeTitle(found, after, run.config)}</Button>} />
  );
}

function contextOf(run: RunDetail): RemedyContext {
  const schema = datasetSchema.parse(run.dataset.schema);
  return { input: inputOf(schema), task: taskOf(schema), trainItems: run.dataset.nTrain ?? 1 };
}

function TryDialog({ run, start, trigger }: { run: RunDetail; start: ChangeId | null; trigger: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={trigger}
      title="Try a remedy"
      description="The run is copied with what you choose here. Both train on the same seeds, so that their difference is that choice's."
      className="try-dialog"
    >
      <Choice run={run} start={start} />
    </Dialog>
  );
}

function Choice({ run, start }: { run: RunDetail; start: ChangeId | null }) {
  const trpc = useTRPC();
  const name = useId();
  const { sources, error: sourcesError, retry } = useFittingSources(run);
  const [sourceId, setSourceId] = useState<string | null>(null);
  // Another model is taken over only by choice: it is more than one change.
  const source =
    sources && ([...sources.alike, ...sources.other].find(({ id }) => id === sourceId) ?? sources.alike[0]);
  const context = { ...contextOf(run), sources: source ? [source] : sources?.other, sourcesError };
  const shown = CHANGES.filter((change) => change.id === start || REMEDIES.some((remedy) => remedy.id === change.id));
  const options = shown.map((change) => ({ change, after: change.apply(run.config, context) }));
  const [chosen, setChosen] = useState<ChangeId | null>(
    start ?? options.find(({ after }) => after !== null)?.change.id ?? null,
  );
  const [seeds, setSeeds] = useState<Seeds>(3);
  const found = options.find(({ change }) => change.id === chosen);
  const needsSource = chosen === 'transfer' && !source;
  const after = needsSource ? null : (found?.after ?? null);
  const launch = useMutation(
    trpc.comparisons.tryRemedy.mutationOptions({ onSuccess: useOpenComparison(run.project.id) }),
  );
  const took = run.startedAt && run.endedAt ? (run.endedAt.getTime() - run.startedAt.getTime()) / 1000 : null;
  return (
    <div className="stack">
      <fieldset className="choices">
        <legend>Change</legend>
        {options.map(({ change, after }) => (
          <label key={change.id}>
            <input
              type="radio"
              name={name}
              checked={change.id === chosen}
              disabled={!after}
              onChange={() => setChosen(change.id)}
            />
            <span>
              <b>
                {after && !(change.id === 'transfer' && !source) ? changeTitle(change, after, run.config) : change.name}
              </b>
              {'sentences' in change && <span className="small two">{change.sentences[0]}</span>}
              {!after && <span className="small three">{whyNoChange(change, run.config, context)}</span>}
            </span>
          </label>
        ))}
      </fieldset>
      {sourcesError !== undefined && (
        <div>
          <Button size="s" onClick={retry}>
            Look up again what transfer learning could start from
          </Button>
        </div>
      )}
      {sources && found?.after && chosen === 'transfer' && (
        <Field label="Start from">
          <Select value={source?.id ?? ''} onChange={(event) => setSourceId(event.target.value)}>
            {!source && <option value="">choose: none has this run’s layers</option>}
            <SourceOptions
              groups={[
                { title: 'With this run’s layers', of: sources.alike },
                { title: 'Other models, taken over with their weights', of: sources.other },
              ]}
            />
          </Select>
        </Field>
      )}
      {after && chosen === 'transfer' && source && (
        <p className="small">
          The copy {takesOverWords(run.config.model, after, context.input, context.task, sourceName(source))}.
        </p>
      )}
      {after && (
        <div>
          <p className="small two mb-1">What changes</p>
          <ConfigChanges before={run.config} after={after} same="Nothing." />
        </div>
      )}
      {after &&
        newAdvice(run.config, after, context).map(({ title, text }) => (
          <p key={title} className="small">
            <b className="warn">{title}</b> {text}
          </p>
        ))}
      <div className="field">
        <span className="lab">Seeds on each side</span>
        <Segmented label="Seeds on each side" tall options={REPEATS} value={seeds} onChange={setSeeds} />
      </div>
      <p className="small two">
        {seeds === 1
          ? 'One seed shows nothing of the noise between seeds: take 3 or 5 to believe a difference.'
          : wasCutShort(run)
            ? `Up to ${2 * seeds} new runs: what is trained already is taken over. This run was cut short, so it is trained anew.`
            : `Up to ${2 * seeds - 1} new runs: what is trained already, this run first, is taken over.`}
        {took !== null && ` This run took ${duration(took)}.`}
      </p>
      {launch.error && <ErrorState error={launch.error} />}
      <div>
        <Button
          variant="go"
          pending={launch.isPending}
          disabled={!after}
          onClick={() =>
            found &&
            launch.mutate({
              runId: run.id,
              remedy: found.change.id,
              seeds,
              ...(found.change.id === 'transfer' && source && { source: source.source }),
            })
          }
        >
          {found && after
            ? `Try ${lower(changeTitle(found.change, after, run.config))} over ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}`
            : needsSource && found
              ? 'Choose what to start from'
              : 'Choose a change'}
        </Button>
      </div>
    </div>
  );
}

/** What transfer learning may start from here, best first. */
function useFittingSources(run: RunDetail) {
  const { sources: all, error, retry } = useSourcesOf(run.project.id);
  const sources = useMemo(() => {
    const { input, task } = contextOf(run);
    return all && rankSources(otherSources(all, run.project.id), run.config.model, input, task);
  }, [all, run]);
  return { sources, error, retry };
}

/** What a teacher would say of the changed configuration and not of the run's own. */
function newAdvice(before: RunConfig, after: RunConfig, { input, task, trainItems }: RemedyContext): Advice[] {
  const noun = input.kind === 'image' ? 'image' : 'row';
  const told = new Set(adviceOn(before, input, task, trainItems, noun).map((one) => one.title));
  return adviceOn(after, input, task, trainItems, noun).filter((one) => !told.has(one.title));
}

/** "Dropout" within a sentence; "L2" stays. */
function lower(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}
