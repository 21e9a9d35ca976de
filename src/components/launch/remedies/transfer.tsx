import { useEffect, useMemo, useState } from 'react';
import { Field, Select } from '#components/ui/index.ts';
import { layerNames } from '#core/model/names.ts';
import type { InputSpec, ModelSpec } from '#core/model/spec.ts';
import { otherSources, sourcesWords } from '#core/remedies/transfer.ts';
import { withoutTransfer } from '#core/transfer/former-model.ts';
import { fittingCuts, sourceIn, startWith } from '#core/transfer/new-head.ts';
import { rankSources } from '#core/transfer/rank-sources.ts';
import type { StartFrom } from '#core/transfer/start-from.ts';
import { takesOverWords } from '#core/transfer/takes-over.ts';
import { DeleteModel, ImportModel } from '../import-model.tsx';
import { NumberInput } from '../number-field.tsx';
import { groupsByOwner, SourceOptions, sourceName } from '../source-options.tsx';
import { type Source, useSources } from '../use-sources.ts';
import { type CardProps, RemedyCard } from './card.tsx';

/** A hundredth of Adam's usual rate: enough to adapt, too little to forget (Keras's guide to transfer learning takes 1e-5). */
const SECOND_RATE = 1e-5;

export function TransferCard({ remedy, draft, context }: CardProps) {
  const { config, valid, patch } = draft;
  const { startFrom } = config;
  const { projectId, sources, error, retry } = useSources();
  // Ranked by the layers from before the first source, so that a choice does not turn the order round.
  const own = draft.former ?? config.model;
  const fitting = useMemo(
    () => defaultFirst(sources ?? [], projectId, own, context),
    [sources, projectId, own, context],
  );
  const [imported, setImported] = useState<string | null>(null);
  const chosen = sourceIn(sources, config);
  const cuts = useMemo(() => (chosen ? fittingCuts(chosen, context.input, context.task) : []), [chosen, context]);
  const set = (change: Partial<StartFrom>) => startFrom && patch({ startFrom: { ...startFrom, ...change } });
  const start = (source: Source | null, cutAfter?: string) => {
    const next = source && startWith(config, source, context.input, context.task, cutAfter);
    if (next) patch({ model: next.model, startFrom: next.startFrom });
  };
  const first = fitting[0] ?? null;
  // Once the list that holds it has come, the model that was just uploaded is chosen, where it fits.
  const arrived = imported === null ? null : (sources?.find((source) => source.id === imported) ?? null);
  const fits = arrived !== null && fitting.includes(arrived);
  useEffect(() => {
    if (!fits || !arrived) return;
    setImported(null);
    start(arrived);
  });
  const upload = (
    <>
      <ImportModel projectId={projectId} onImported={setImported} />
      {arrived && !fits && (
        <p className="bad small basis-full" role="alert">
          {arrived.name} was uploaded, but takes {inputWords(arrived.input)}, and none of its layers fits{' '}
          {inputWords(context.input)}. Other projects of the team may start from it.
        </p>
      )}
    </>
  );
  return (
    <RemedyCard
      remedy={remedy}
      checked={startFrom !== null}
      disabled={startFrom === null && first === null}
      onChange={(on) => (on ? start(first) : patch(withoutTransfer(config, draft.former)))}
      problem={draft.problemUnder('/startFrom')}
      note={
        (startFrom === null || error !== undefined) && (
          <span className="flex flex-wrap items-center gap-2">
            {error !== undefined && (
              <span className="bad basis-full" role="alert">
                {sourcesWords(error)}{' '}
                <button type="button" className="link" onClick={retry}>
                  Try again
                </button>
              </span>
            )}
            {sources && first === null && (
              <span className="basis-full">{noneWords(sources.length, context.input.kind)}</span>
            )}
            {startFrom === null && upload}
          </span>
        )
      }
    >
      {startFrom && (
        <>
          <Field label="Start from">
            <Select
              value={chosen?.id ?? ''}
              onChange={(event) => start(fitting.find((source) => source.id === event.target.value) ?? null)}
            >
              {!chosen && <option value="">{unchosenWords(sources, error)}</option>}
              <SourceOptions groups={groupsByOwner(fitting)} />
            </Select>
          </Field>
          <Field label="Take over up to">
            <Select
              value={startFrom.cutAfter ?? ''}
              onChange={(event) => start(chosen, event.target.value)}
              disabled={!chosen}
            >
              {startFrom.cutAfter === null && <option value="">all of it, answer included</option>}
              {cuts.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          </Field>
          <Field label="Freeze up to">
            <Select
              value={startFrom.freezeUpTo ?? ''}
              onChange={(event) => {
                const freezeUpTo = event.target.value || null;
                set({ freezeUpTo, ...(freezeUpTo === null && { secondStage: null }) });
              }}
            >
              <option value="">nothing: train all of it</option>
              {freezePlaces(config.model, startFrom).map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          </Field>
          {startFrom.freezeUpTo !== null && <SecondStage startFrom={startFrom} epochs={config.epochs} set={set} />}
          {valid && <p className="tiny two basis-full">{words(startFrom, config.model)}</p>}
          {valid && chosen && draft.former && (
            <p className="tiny two basis-full">
              This run {takesOverWords(draft.former, valid, context.input, context.task, sourceName(chosen))}.
            </p>
          )}
          {chosen && !chosen.elsewhere && (
            <p className="tiny two basis-full">
              It learned from this project’s own items: to start from it is to train it longer.
            </p>
          )}
          {chosen?.elsewhere && (
            <p className="tiny two basis-full">
              {chosen.number === null
                ? 'An upload: Holdout can’t know whether it learned from items of this test part, and the certificate will say so.'
                : 'Trained on other data: at the opening the referee counts the test items that are among it. The certificate will say how many, or why they could not be compared.'}
            </p>
          )}
          {upload}
          {chosen?.number === null && <DeleteModel model={chosen} />}
        </>
      )}
    </RemedyCard>
  );
}

/** What fits, the default first: what learned on other items, then, last, this project's own runs. */
function defaultFirst(
  sources: readonly Source[],
  projectId: string,
  model: ModelSpec,
  { input, task }: CardProps['context'],
): Source[] {
  const others = new Set(otherSources(sources, projectId));
  const ranks = [sources.filter((each) => others.has(each)), sources.filter((each) => !others.has(each))];
  return ranks.flatMap((rank) => {
    const { alike, other } = rankSources(rank, model, input, task);
    return [...alike, ...other];
  });
}

function SecondStage({
  startFrom,
  epochs,
  set,
}: {
  startFrom: StartFrom;
  epochs: number;
  set: (change: Partial<StartFrom>) => void;
}) {
  const { secondStage } = startFrom;
  return (
    <>
      <Field label="Later">
        <Select
          value={secondStage ? 'train' : 'frozen'}
          onChange={(event) =>
            set({
              secondStage:
                event.target.value === 'train'
                  ? { epoch: Math.max(1, Math.floor(epochs / 2)), learningRate: SECOND_RATE }
                  : null,
            })
          }
        >
          <option value="frozen">they stay frozen</option>
          <option value="train">train them as well</option>
        </Select>
      </Field>
      {secondStage && (
        <>
          <Field label="After epochs">
            <NumberInput
              width={60}
              value={secondStage.epoch}
              onChange={(epoch) => set({ secondStage: { ...secondStage, epoch } })}
            />
          </Field>
          <Field label="At the rate">
            <NumberInput
              width={72}
              value={secondStage.learningRate}
              onChange={(learningRate) => set({ secondStage: { ...secondStage, learningRate } })}
            />
          </Field>
        </>
      )}
    </>
  );
}

function unchosenWords(sources: Source[] | undefined, error: string | undefined): string {
  if (sources) return 'a source that is gone';
  return error === undefined ? 'loading' : 'not known';
}

/** The layers up to the cut: what comes after is new, and frozen it would stay random. */
function freezePlaces(model: ModelSpec, { cutAfter }: StartFrom): string[] {
  const names = layerNames(model);
  const end = cutAfter === null ? names.length - 1 : names.indexOf(cutAfter) + 1;
  return names.slice(0, end);
}

function words({ cutAfter, freezeUpTo, secondStage }: StartFrom, model: ModelSpec): string {
  const names = layerNames(model);
  const head = cutAfter === null ? [] : names.slice(names.indexOf(cutAfter) + 1);
  return [
    head.length > 0 && `New: ${head.join(', ')}.`,
    freezeUpTo && 'What is frozen keeps its weights, and its batch norms their statistics.',
    secondStage && 'The optimiser and the schedule start anew with the second stage.',
  ]
    .filter(Boolean)
    .join(' ');
}

function inputWords(input: InputSpec): string {
  if (input.kind === 'vector') return `rows of ${input.features} numbers`;
  return `images of ${input.height} × ${input.width} × ${input.channels}`;
}

function noneWords(known: number, kind: string): string {
  if (known === 0) return 'There is nothing to start from yet: train a run first, or upload a model.';
  return `None of the ${known} runs and models here takes ${kind === 'image' ? 'images like these' : 'rows of numbers like these'}.`;
}
