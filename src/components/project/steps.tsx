import Link from 'next/link';
import type { ReactNode } from 'react';
import { count, metricValue, runId } from '#core/format/numbers.ts';
import { LockMark } from '../frame/lock-mark.tsx';
import { METRIC_WORDS } from '../run/run-view.ts';
import type { Outputs } from '../trpc/client.tsx';
import { cx, When } from '../ui/index.ts';

type Overview = Outputs['projects']['overview'];

const STATE: Record<NonNullable<Overview['dataset']>['state'], string> = {
  uploading: 'uploading',
  uploaded: 'waits to be looked through',
  inspecting: 'being looked through',
  review: 'waits for your review',
  confirmed: 'waits for its split',
  splitting: 'being split',
  sealed: '',
  failed: 'the upload failed',
  cancelled: '',
};

/** Data sealed, first run, best run, opened: what is done is filled, what comes next is named. */
export function Steps({ overview, base }: { overview: Overview; base: string }) {
  const { dataset, firstRun, best, metric, opening } = overview;
  const sealed = dataset?.state === 'sealed';
  return (
    <ol className="steps" aria-label="Where the project stands">
      <Step done={sealed} title="Data sealed" mark={sealed && <LockMark lock="sealed" />}>
        {sealed && dataset.nTrain !== null ? (
          <>
            <Link href={`${base}/data`}>{dataset.name}</Link>: {count(dataset.nTrain)} train,{' '}
            {count(dataset.nValidation ?? 0)} validation, {count(dataset.nTest ?? 0)} sealed
          </>
        ) : dataset ? (
          <Link href={`${base}/data`}>
            {dataset.name}: {STATE[dataset.state]}
          </Link>
        ) : (
          'no data yet'
        )}
      </Step>
      <Step done={firstRun !== null} title="First run">
        {firstRun ? (
          <>
            <Link href={`${base}/runs/${firstRun.id}`}>
              {runId(firstRun.number)} {firstRun.name}
            </Link>
            , <When at={firstRun.createdAt} />
          </>
        ) : (
          'none launched'
        )}
      </Step>
      <Step done={best !== null} title="Best run">
        {best && metric ? (
          <>
            <Link href={`${base}/runs/${best.id}`}>{runId(best.number)}</Link>, validation {METRIC_WORDS[metric.name]}{' '}
            <b title={String(best.value)}>{metricValue(metric.name, best.value)}</b>
          </>
        ) : (
          'no validation value yet'
        )}
      </Step>
      <Step
        done={opening?.state === 'opened'}
        title={opening?.state === 'committed' ? 'Committed' : 'Opened'}
        mark={opening && <LockMark lock={opening.state} />}
      >
        {opening?.test && opening.test.value !== null ? (
          <>
            <Link href={`${base}/final`}>test {METRIC_WORDS[opening.test.metric]}</Link>{' '}
            <b title={String(opening.test.value)}>{metricValue(opening.test.metric, opening.test.value)}</b> on{' '}
            {count(opening.test.n)}; <Link href={`${base}/runs/${opening.runId}`}>{runId(opening.runNumber)}</Link>,
            validation <b title={String(opening.validation)}>{metricValue(opening.test.metric, opening.validation)}</b>,{' '}
            <When at={opening.at} />
          </>
        ) : opening ? (
          <Link href={`${base}/final`}>{runId(opening.runNumber)} is final</Link>
        ) : sealed ? (
          'sealed; it opens once'
        ) : (
          'not before there is data'
        )}
      </Step>
    </ol>
  );
}

function Step({
  done,
  title,
  mark,
  children,
}: {
  done: boolean;
  title: string;
  mark?: ReactNode;
  children: ReactNode;
}) {
  return (
    <li className={cx(done && 'done')}>
      <b>
        {title}
        {mark && <span className="acc">{mark}</span>}
        {done && <span className="vh">done</span>}
      </b>
      <span>{children}</span>
    </li>
  );
}
