'use client';

import { Lock } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { count, runId } from '#core/format/numbers.ts';
import type { Outputs } from '../trpc/client.tsx';
import { Facts, Field, Select, Swatch } from '../ui/index.ts';
import { OpenForm } from './open-form.tsx';
import { PowerDrawing } from './power-drawing.tsx';
import { Step } from './step.tsx';
import { earlierWords, grouped, items, type Metric, measured, times, when } from './words.ts';

type View = Outputs['final']['get'];

/** While sealed: what is sealed, which model, what its size can prove, and the one act. */
export function SealedView({ view, sealed }: { view: View; sealed: NonNullable<View['sealed']> }) {
  const [chosenId, choose] = useState<string | null>(null);
  const [chosenEpoch, chooseEpoch] = useState<number | null>(null);
  const run = view.candidates.find(({ id }) => id === chosenId) ?? view.candidates[0];
  const chosen = run && { ...run, ...run.others.find(({ epoch }) => epoch === chosenEpoch) };
  const isBest = chosen?.epoch === run?.epoch;
  const metric: Metric = sealed.metric.name;
  const value = (v: number) => measured(metric, v, sealed.unit);
  const theItems = items(sealed.n, sealed.items);

  return (
    <article className="cer">
      <h1>
        <Lock className="i" aria-hidden />
        The test part is sealed
      </h1>
      <p className="lead">
        {theItems}
        {chosen?.elsewhere ? ', kept from every run of this project' : ' that no run of this project has trained on'}.
        This project opens them once. What your model scores then is its result, whatever it is.
      </p>
      {chosen?.elsewhere && (
        <p className="lead" role="note">
          <b>
            {runId(chosen.number)} {chosen.name} did not begin from random weights.
          </b>{' '}
          {chosen.elsewhere} All this will stand in the certificate.
        </p>
      )}
      {view.earlier.length > 0 && (
        <p className="lead" role="note">
          <b>This team has opened the same test part {times(view.earlier.length)} before:</b>{' '}
          {earlierWords(view.earlier)}. The certificate of this project will say so.
        </p>
      )}
      <Step title="What is sealed" note={sealed.sealedAt ? `Since ${when(sealed.sealedAt)}` : undefined}>
        <p>
          {count(sealed.n)} of {items(sealed.total, sealed.items)}, drawn by the split, so that nobody could choose
          them. They are encrypted, and only the referee holds the key. Nobody can read them here, your instructors
          included; who holds the original file can work out which they are.
        </p>
        <Facts
          items={[
            [
              'Data set',
              <Link key="d" href={`/p/${view.project.id}/data`}>
                {sealed.dataset.name}
              </Link>,
            ],
            [
              'Split',
              <span key="s" className="mono">
                {grouped(sealed.splitDigest ?? '').slice(0, 33)}
              </span>,
            ],
            ['Runs', `${count(view.runs)}, of which ${count(view.candidates.length)} can be final`],
            ['Looks at validation', `${count(view.validationLooks)} so far, one an epoch`],
          ]}
        />
      </Step>
      <Step title="The model" note={isBest ? 'Its best weights, as kept' : 'Weights of another epoch, as kept'}>
        {chosen ? (
          <>
            {view.canOpen && view.candidates.length > 1 ? (
              <Field label="Run">
                <Select
                  value={chosen.id}
                  onChange={(event) => {
                    choose(event.target.value);
                    chooseEpoch(null);
                  }}
                  className="run-choice"
                >
                  {view.candidates.map((run) => (
                    <option key={run.id} value={run.id}>
                      {runId(run.number)} {run.name}, validation {value(run.validation)}
                    </option>
                  ))}
                </Select>
              </Field>
            ) : null}
            {view.canOpen && run && run.others.length > 0 ? (
              <Field label="Weights">
                <Select
                  value={chosen.epoch}
                  onChange={(event) => chooseEpoch(Number(event.target.value))}
                  className="run-choice"
                >
                  {[run, ...run.others].map(({ epoch, validation }) => (
                    <option key={epoch} value={epoch}>
                      epoch {epoch}
                      {epoch === run.epoch && ', the best'}, validation {value(validation)}
                    </option>
                  ))}
                </Select>
              </Field>
            ) : null}
            <p>
              <Swatch run={chosen.number} />{' '}
              <Link href={`/p/${view.project.id}/runs/${chosen.id}`}>
                <b>
                  {runId(chosen.number)} {chosen.name}
                </b>
              </Link>
              , weights of epoch {chosen.epoch}. Validation {metric === 'accuracy' ? 'accuracy' : 'error'}{' '}
              {value(chosen.validation)}.
            </p>
            {isBest && chosen.id === view.candidates[0]!.id && view.candidates.length > 1 && (
              <p className="two">
                It is the best of {count(view.candidates.length)} on validation, so expect a little{' '}
                {sealed.metric.direction === 'min' ? 'more' : 'less'} on the test part: the luckiest of many looks
                better than it is.
              </p>
            )}
          </>
        ) : (
          <p>
            No run can be final yet. A run can once it has finished, or was stopped, and kept its best weights.{' '}
            <Link href={`/p/${view.project.id}/runs`}>Go to the runs</Link>
          </p>
        )}
      </Step>
      {chosen && (
        <Step
          title={`What ${count(sealed.n)} can prove`}
          note={`95 % interval if the model scores ${value(chosen.validation)}, as on validation`}
        >
          <PowerDrawing
            n={sealed.n}
            kind={sealed.items}
            metric={metric}
            expected={chosen.validation}
            unit={sealed.unit}
          />
        </Step>
      )}
      <Step title="Open it" note="No one can undo this" last>
        <p>
          After this the model can’t be changed, the test part can’t be used again, and the result is shown to your team
          and your instructors. If a machine fails in the middle, the referee goes on with the same weights; it never
          scores a second model.
        </p>
        {view.canOpen && chosen ? (
          <OpenForm projectId={view.project.id} name={view.project.name} runId={chosen.id} epoch={chosen.epoch} />
        ) : (
          <p className="two">
            {view.canOpen
              ? 'Train a run first; then its test part can be opened here.'
              : `Only members of team ${view.project.team} can open it. You will see the result here once they have.`}
          </p>
        )}
      </Step>
    </article>
  );
}
