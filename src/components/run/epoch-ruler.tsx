import { cx } from '#components/ui/index.ts';
import type { RunDetail } from './run-page.tsx';

/** More cells than this would be thinner than the gaps between them. */
const MOST_CELLS = 120;

/** One cell an epoch: done, to come, and the best, whose weights are kept. */
export function EpochRuler({ run }: { run: RunDetail }) {
  const { epochs } = run.config;
  const cells = Math.min(epochs, MOST_CELLS);
  const perCell = epochs / cells;
  const done = Math.floor(run.epoch / perCell);
  const best = run.bestEpoch === null ? -1 : Math.min(cells - 1, Math.ceil(run.bestEpoch / perCell) - 1);
  const place = (epoch: number) => `${((epoch - 0.5) / epochs) * 100}%`;
  const bestNear = run.bestEpoch !== null && Math.abs(run.bestEpoch - run.epoch) / epochs < 0.16;
  const ended = run.stopReason === 'early_stopping' ? 'stopped early' : 'ended';
  const now = run.state === 'running' ? `${run.epoch}, now` : `${run.epoch}, ${ended}`;
  const said = run.bestEpoch === null ? '' : `, best weights kept from epoch ${run.bestEpoch}`;
  return (
    <div
      className="ruler"
      role="progressbar"
      aria-valuemin={0}
      aria-valuemax={epochs}
      aria-valuenow={run.epoch}
      aria-valuetext={`Epoch ${run.epoch} of ${epochs}${said}`}
      aria-label="Epochs"
    >
      <div className="cells" aria-hidden>
        {Array.from({ length: cells }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its epoch
          <i key={i} className={i === best ? 'best' : i < done ? 'done' : undefined} />
        ))}
      </div>
      <div className="marks" aria-hidden>
        {run.bestEpoch !== null && (
          <span className={edge(run.bestEpoch, epochs)} style={{ left: place(run.bestEpoch) }}>
            <b className="acc">{run.bestEpoch}, best weights kept</b>
          </span>
        )}
        {run.epoch > 0 && run.epoch < epochs && !bestNear && (
          <span className={cx('hide-s', edge(run.epoch, epochs))} style={{ left: place(run.epoch) }}>
            {now}
          </span>
        )}
        {(run.bestEpoch ?? 0) < epochs * 0.84 && (run.epoch < epochs * 0.84 || run.epoch === epochs) && (
          <span className={cx(run.bestEpoch !== null && 'hide-s', 'last')} style={{ left: '100%' }}>
            epoch {epochs}
          </span>
        )}
      </div>
    </div>
  );
}

function edge(epoch: number, epochs: number): string | undefined {
  const share = epoch / epochs;
  return share < 0.16 ? 'first' : share > 0.84 ? 'last' : undefined;
}
