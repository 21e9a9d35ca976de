import { Check, Clock, TriangleAlert } from 'lucide-react';
import type { Advice } from '#core/config/advice.ts';
import type { MemoryBudget } from '#core/config/check-config.ts';
import type { RunConfig } from '#core/config/run-config.ts';
import type { ErrorItem } from '#core/errors.ts';
import { count, duration, fileSize, megabytes } from '#core/format/numbers.ts';
import { dataStreams } from '#core/model/data-memory.ts';
import { optimizerSlots, trainingMemory } from '#core/model/memory.ts';
import type { InputSpec } from '#core/model/spec.ts';
import { fieldWords } from './field-words.ts';
import type { Draft } from './use-draft.ts';

/** Whether it can run, what a good teacher would say, and how long it takes. */
export function FitNotes({
  draft,
  problems,
  input,
  advice,
  data,
  budget,
  pace,
  trainItems,
  repeats,
}: {
  draft: Draft;
  /** none where they stand beside the text already */
  problems: Draft['problems'];
  input: InputSpec;
  advice: readonly Advice[];
  /** bytes of both parts */
  data: number;
  budget: MemoryBudget;
  /** items a second that the run it is copied from measured on the same layers */
  pace: { itemsPerSecond: number; of: string } | null;
  trainItems: number;
  repeats: number;
}) {
  const { valid } = draft;
  return (
    <div className="says">
      {problems.map((problem) => (
        <Problem key={`${problem.path} ${problem.message}`} problem={problem} />
      ))}
      {advice.map((one) => (
        <div className="say" key={one.title}>
          <span className="warn">
            <TriangleAlert className="i" aria-hidden />
          </span>
          <p>
            <b className="warn">{one.title}</b> {one.text}{' '}
            {one.remedy && (
              <button type="button" className="link small" onClick={() => draft.patch(one.remedy!.change)}>
                {one.remedy.label}
              </button>
            )}
          </p>
        </div>
      ))}
      {valid && <Fits config={valid} input={input} data={data} budget={budget} />}
      {valid && pace && (
        <div className="say">
          <span className="three">
            <Clock className="i" aria-hidden />
          </span>
          <p>
            About {duration((valid.epochs * trainItems) / pace.itemsPerSecond)}
            {repeats > 1 ? ` for each of ${repeats} runs` : ''}, from what {pace.of} measured (
            {count(pace.itemsPerSecond)} a second).{valid.earlyStopping && ' Early stopping may end it sooner.'}
          </p>
        </div>
      )}
    </div>
  );
}

function Problem({ problem }: { problem: ErrorItem & { line?: number } }) {
  return (
    <div className="say" role="alert">
      <span className="bad">
        <TriangleAlert className="i" aria-hidden />
      </span>
      <p className="bad">
        {problem.line !== undefined && <b>Line {problem.line}. </b>}
        {problem.line === undefined ? fieldWords(problem) : problem.message}
      </p>
    </div>
  );
}

const KEPT: Record<RunConfig['optimizer']['kind'], string> = {
  sgd: 'SGD’s momentum',
  adam: 'Adam’s two averages of each weight',
  adamw: 'AdamW’s two averages of each weight',
  rmsprop: 'RMSprop’s average of each weight',
  adagrad: 'Adagrad’s sum for each weight',
};

function keptWords({ optimizer, ema, accumulate }: RunConfig): string {
  const kept = [
    optimizerSlots(optimizer) > 0 && KEPT[optimizer.kind],
    ema && 'the average of the weights',
    accumulate > 1 && 'the accumulated gradients',
  ].filter(Boolean);
  return kept.join(' and ');
}

function Fits({
  config,
  input,
  data,
  budget,
}: {
  config: RunConfig;
  input: InputSpec;
  data: number;
  budget: MemoryBudget;
}) {
  const memory = trainingMemory(config.model, input, config.batchSize, config.optimizer, config);
  const step = memory.total - memory.slots;
  const streams = dataStreams(data, memory.total, budget.bytes);
  return (
    <div className="say">
      <span className="good">
        <Check className="i" aria-hidden />
      </span>
      <p>
        Fits: about {megabytes(step)} MB a step
        {memory.slots > 0 && `, ${megabytes(memory.total)} MB with ${keptWords(config)}`}
        {!streams && `, and ${megabytes(data)} MB of data`}. A run on {budget.where} may take {fileSize(budget.bytes)},
        its share of the memory less a fifth for what runs beside it.
        {streams && ` The data (${megabytes(data)} MB) is too much to be held there: batches are read from its file.`}
      </p>
    </div>
  );
}
