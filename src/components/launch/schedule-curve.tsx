import { stepsPerEpoch } from '#core/config/check-config.ts';
import type { RunConfig } from '#core/config/run-config.ts';
import { rateValue } from '#core/format/numbers.ts';
import { learningRateAt, warmupEpochs } from '#core/run/schedule.ts';

const POINTS = 120;
const HEIGHT = 64;

/** The rate of every step, from the same function as the trainer uses. When a plateau comes nobody knows before: there it shows the rate without one. */
export function ScheduleCurve({ config, trainItems }: { config: RunConfig; trainItems: number }) {
  const perEpoch = stepsPerEpoch(trainItems, config);
  const steps = config.epochs * perEpoch;
  const rates = Array.from({ length: POINTS + 1 }, (_, i) =>
    learningRateAt(config, Math.min(steps - 1, Math.round((i / POINTS) * steps)), perEpoch),
  );
  const path = rates
    .map((r, i) => `${i ? 'L' : 'M'}${(i / POINTS) * 1000} ${(1 - r / config.learningRate) * 1000}`)
    .join('');
  const { schedule } = config;
  const turn = schedule.kind === 'one_cycle' ? schedule.rise * config.epochs : warmupEpochs(schedule);
  const at = Math.min(turn, config.epochs);
  const plateau = schedule.kind === 'plateau' ? ' until it falls on a plateau' : '';
  return (
    <figure className="rate-curve">
      <svg
        viewBox="0 0 1000 1000"
        preserveAspectRatio="none"
        height={HEIGHT}
        role="img"
        aria-label={`Learning rate over ${config.epochs} epochs: starts at ${rateValue(rates[0]!)}, is ${rateValue(config.learningRate)} at most, ends at ${rateValue(rates.at(-1)!)}${plateau}.`}
      >
        <path className="g" d="M0 0H1000" />
        <path className="ax" d="M0 1000H1000" />
        <path className="ln" d={path} />
      </svg>
      <span style={{ top: 0, right: '100%' }} aria-hidden>
        {rateValue(config.learningRate)}
      </span>
      <span style={{ bottom: 0, right: '100%' }} aria-hidden>
        0
      </span>
      {at > 0 && at < config.epochs * 0.8 && (
        <span style={{ top: '100%', left: `${(at / config.epochs) * 100}%` }} className="mid" aria-hidden>
          {Number(at.toFixed(1))}
        </span>
      )}
      <span style={{ top: '100%', right: 0 }} className="under" aria-hidden>
        epoch {config.epochs}
      </span>
    </figure>
  );
}
