import Link from 'next/link';
import { RunComparisons } from '#components/comparison/run-comparisons.tsx';
import { Facts } from '#components/ui/index.ts';
import { diffConfigs } from '#core/config/diff.ts';
import { lossWords, optimizerWords, scheduleWords, updateWords } from '#core/config/objective-words.ts';
import { presetLabel, presetOf } from '#core/config/presets.ts';
import { inputOf } from '#core/data/dataset-schema.ts';
import { count, duration, metricValue, rateValue, runId } from '#core/format/numbers.ts';
import { wilson } from '#core/metric/interval.ts';
import { remedyWords } from '#core/remedies/index.ts';
import { lineageWords } from '#core/transfer/words.ts';
import { RunManage } from './run-manage.tsx';
import type { RunDetail } from './run-page.tsx';
import { frameOf, METRIC_WORDS, type RunFrame } from './run-view.ts';
import { ShareRun } from './share-run.tsx';

/** Key facts beside every tab. */
export function RunFacts({ projectId, run }: { projectId: string; run: RunDetail }) {
  const frame = frameOf(run);
  return (
    <aside className="side" aria-label="Key facts">
      <Best run={run} frame={frame} />
      <RunComparisons projectId={projectId} runId={run.id} />
      <section>
        <h2>What trains</h2>
        <Facts items={whatTrains(run, frame)} />
      </section>
      <section>
        <h2>Data</h2>
        <Facts
          items={[
            [
              'Set',
              <Link key="set" href={`/p/${projectId}/data`}>
                {run.dataset.name}
              </Link>,
            ],
            ['Split', `${count(run.dataset.nTrain ?? 0)} train, ${count(run.dataset.nValidation ?? 0)} validation`],
          ]}
        />
      </section>
      <section>
        <h2>Where it comes from</h2>
        <Facts items={origin(projectId, run)} />
      </section>
      {run.canShare && <ShareRun run={run} />}
      {run.canWrite && <RunManage projectId={projectId} run={run} />}
    </aside>
  );
}

function Best({ run, frame }: { run: RunDetail; frame: RunFrame }) {
  const { lead } = frame;
  const best = run.bestMetrics[`${lead}/validation`];
  if (run.bestEpoch === null || typeof best !== 'number') return null;
  const train = run.lastMetrics[`${lead}/train`];
  const validation = run.lastMetrics[`${lead}/validation`];
  const n = run.dataset.nValidation ?? 0;
  const gap = typeof train === 'number' && typeof validation === 'number' ? gapWords(lead, train, validation) : null;
  return (
    <section>
      <h2>{run.endedAt ? 'Best' : 'Best so far'}</h2>
      <Facts
        items={[
          [
            lead === 'rmse' ? 'RMSE' : 'Accuracy',
            <span key="best">
              <b>{metricValue(lead, best)}</b> at epoch {run.bestEpoch}
              {lead === 'accuracy' && n > 0 && (
                <small>
                  {count(best * n)} of {count(n)} validation {frame.noun}s; 95 % interval {intervalWords(best, n)}
                </small>
              )}
            </span>,
          ],
          ...(gap
            ? ([
                [
                  'Gap now',
                  <span key="gap">
                    {gap}
                    <small>
                      train {metricValue(lead, train)}, validation {metricValue(lead, validation)}
                    </small>
                  </span>,
                ],
              ] as const)
            : []),
        ]}
      />
    </section>
  );
}

/** Wilson's, as on the certificate. */
function intervalWords(share: number, n: number): string {
  const { low, high } = wilson(Math.round(share * n), n);
  return `${low.toFixed(3)} to ${high.toFixed(3)}`;
}

/** Positive = worse on validation. Accuracy in points of a hundred. */
function gapWords(lead: RunFrame['lead'], train: number, validation: number): string {
  if (lead === 'accuracy') return `${(100 * (train - validation)).toFixed(1).replace('-', '−')} points`;
  return `${metricValue(lead, validation - train)} in ${METRIC_WORDS[lead]}`;
}

function secondStageWords({ startFrom }: RunDetail['config']): string {
  const second = startFrom?.secondStage;
  return second ? `; from epoch ${second.epoch + 1} on ${rateValue(second.learningRate)}, nothing frozen` : '';
}

function whatTrains(run: RunDetail, { schema, task, noun }: RunFrame) {
  const { config } = run;
  const preset = presetOf(config.model, inputOf(schema), task);
  const each = run.parameters / Math.max(1, run.dataset.nTrain ?? 1);
  return [
    ['Model', preset ? presetLabel(preset) : `${config.model.layers.length} layers of your own`],
    [
      'Parameters',
      <span key="parameters">
        {count(run.parameters)}
        <small>
          {each >= 10 ? count(each) : each.toFixed(1)} for each training {noun}
        </small>
      </span>,
    ],
    ['Loss', lossWords(config, task)],
    [
      'Optimiser',
      [`${optimizerWords(config.optimizer)}, batch ${count(config.batchSize)}`, ...updateWords(config)].join(', '),
    ],
    ['Rate', `${rateValue(config.learningRate)}${scheduleWords(config.schedule)}${secondStageWords(config)}`],
    ['Remedies', remedyWords(config).join(', ') || 'none'],
    ['Seed', String(config.seed)],
  ] as const;
}

function origin(projectId: string, run: RunDetail) {
  const changes = run.parent ? diffConfigs(run.parent.config, run.config) : [];
  const waited = run.startedAt ? (run.startedAt.getTime() - run.createdAt.getTime()) / 1000 : null;
  const attempt = run.attempts.at(-1);
  return [
    ...(run.parent
      ? ([
          [
            'Copied from',
            <span key="parent">
              <Link href={`/p/${projectId}/runs/${run.parent.id}`}>
                {runId(run.parent.number)} {run.parent.name}
              </Link>
              <small>
                {changes.length === 0
                  ? 'nothing changed'
                  : `${changes.length} ${changes.length === 1 ? 'value' : 'values'} changed`}
              </small>
            </span>,
          ],
        ] as const)
      : []),
    ...run.lineage.map((step, i) => {
      const { what, taken } = lineageWords(step);
      const here = step.kind === 'run' && step.projectId === projectId;
      const label = i === 0 ? 'Weights from' : 'And those from';
      return [
        label,
        <span key={step.weightsDigest}>
          {here ? <Link href={`/p/${projectId}/runs/${step.runId}`}>{what}</Link> : what}
          <small>{taken}</small>
        </span>,
      ] as const;
    }),
    ...(run.sharedAt ? ([['Shared', 'with the course']] as const) : []),
    [
      'Launched',
      <span key="launched">
        <time dateTime={run.createdAt.toISOString()} suppressHydrationWarning>
          {run.createdAt.toLocaleString('en-GB', {
            day: 'numeric',
            month: 'short',
            hour: '2-digit',
            minute: '2-digit',
          })}
        </time>
        {run.createdBy && `, ${run.createdBy.name}`}
        {waited !== null && <small>waited {duration(waited)}</small>}
      </span>,
    ],
    ...(run.attempts.length > 1 && attempt
      ? ([
          [
            'Attempt',
            <span key="attempt">
              {attempt.number}
              {attempt.resumedStep !== null && (
                <small>went on from step {count(attempt.resumedStep)}, nothing lost</small>
              )}
            </span>,
          ],
        ] as const)
      : []),
  ] as const;
}
