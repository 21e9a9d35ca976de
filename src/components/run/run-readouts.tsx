import { StateMark } from '#components/runs/state-mark.tsx';
import { Readout, Readouts } from '#components/ui/index.ts';
import { count, duration, metricValue } from '#core/format/numbers.ts';
import { isCheck } from '#core/run/modes.ts';
import type { RunDetail } from './run-page.tsx';
import { frameOf, METRIC_WORDS } from './run-view.ts';
import { useNow } from './use-now.ts';

export function RunReadouts({ run }: { run: RunDetail }) {
  const { lead, noun, task } = frameOf(run);
  const trains = run.state === 'running' && !run.interrupted;
  const now = useNow(trains);
  const until = run.endedAt ?? now;
  const seconds = run.startedAt && until ? (until.getTime() - run.startedAt.getTime()) / 1000 : null;
  const value = run.lastMetrics[`${lead}/validation`];
  const best = run.bestMetrics[`${lead}/validation`];
  // Without the pauses between attempts: it stands beside the time left at the pace of training.
  const spent = now
    ? run.attempts.reduce((ms, a) => ms + (a.endedAt ?? now).getTime() - a.startedAt.getTime(), 0) / 1000
    : null;
  const unit = task.kind === 'regression' && task.unit ? ` ${task.unit}` : '';
  const environment = run.environment as { threads?: number };
  const device = run.trainer?.device;
  return (
    <Readouts>
      <Readout label="State" value={<StateMark {...run} />} unit={run.startedAt ? placeOf(run) : undefined} />
      {trains ? (
        <Readout
          label="Time left"
          value={run.secondsLeft === null ? 'not known yet' : duration(run.secondsLeft)}
          unit={run.secondsLeft !== null && spent !== null ? `of ${duration(spent + run.secondsLeft)}` : undefined}
        />
      ) : run.interrupted ? (
        <Readout label="Time left" value="waits for a trainer" unit="goes on from its checkpoint" />
      ) : (
        seconds !== null && <Readout label="Took" value={duration(seconds)} />
      )}
      {device && (
        <Readout
          label="Device"
          value={device}
          unit={[
            run.trainer!.name,
            environment.threads && `${environment.threads} ${environment.threads === 1 ? 'thread' : 'threads'}`,
          ]
            .filter(Boolean)
            .join(', ')}
        />
      )}
      {run.itemsPerSecond !== null && (
        <Readout
          label="Speed"
          value={count(run.itemsPerSecond)}
          unit={`${noun}s/s`}
          title={String(run.itemsPerSecond)}
        />
      )}
      {value !== undefined && (
        <Readout
          label={`Validation ${METRIC_WORDS[lead]}`}
          value={metricValue(lead, value ?? Number.NaN)}
          unit={`${unit}${typeof best === 'number' ? ` best ${metricValue(lead, best)}` : ''}`.trim()}
          title={String(value ?? Number.NaN)}
        />
      )}
    </Readouts>
  );
}

function placeOf(run: RunDetail): string {
  return isCheck(run.config)
    ? `${count(run.step)} of at most ${count(run.totalSteps)} steps`
    : `epoch ${run.epoch} of ${run.config.epochs}`;
}
