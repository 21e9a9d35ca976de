'use client';

import type { SeriesByName } from '#components/runs/use-series.ts';
import { TableRegion } from '#components/ui/index.ts';
import { duration } from '#core/format/numbers.ts';
import { PHASE_NAMES, PHASES, type Phase } from '#core/run/phases.ts';

const ABOUT: Record<Phase, string> = {
  step: 'forward, backward and update',
  data: 'order of the items',
  validate: 'once an epoch',
  log: 'points, histograms',
  checkpoint: 'copying weights and state',
};
/** Columns of the chart by epoch; more epochs share one. */
const MOST_COLUMNS = 120;

/** Seconds by phase: one bar for the whole run, and one column an epoch. */
export function PhaseChart({ series, stepsPerEpoch }: { series: SeriesByName; stepsPerEpoch: number }) {
  const rows = PHASES.map((id) => {
    const values = series.get(`profile/${id}`)?.values ?? [];
    return { id, name: PHASE_NAMES[id], about: ABOUT[id], values, total: values.reduce((a, b) => a + b, 0) };
  });
  const total = rows.reduce((sum, row) => sum + row.total, 0);
  const epochs = rows[0]!.values.length;
  if (epochs === 0 || total === 0)
    return (
      <section>
        <h2 className="mb-2">Where the time goes</h2>
        <p className="two">Known from the end of the first epoch on.</p>
      </section>
    );
  const steps = series.get('profile/step')!.steps;
  const each = Math.ceil(epochs / MOST_COLUMNS);
  const columns = Array.from({ length: Math.ceil(epochs / each) }, (_, c) => {
    const from = c * each;
    const seconds = rows.map((row) => row.values.slice(from, from + each).reduce((a, b) => a + b, 0));
    return {
      seconds,
      total: seconds.reduce((a, b) => a + b, 0),
      epoch: Math.round(steps[Math.min(epochs, from + each) - 1]! / stepsPerEpoch),
    };
  });
  const tallest = Math.max(...columns.map((c) => c.total));
  const percent = (seconds: number) => `${((100 * seconds) / total).toFixed(seconds / total < 0.1 ? 1 : 0)} %`;
  const time = (seconds: number) =>
    seconds < 1 ? `${Math.round(seconds * 1000)} ms` : seconds < 60 ? `${seconds.toFixed(1)} s` : duration(seconds);
  return (
    <section className="phases">
      <h2>Where the time goes</h2>
      <p className="small two">
        {time(total)} in {epochs === 1 ? '1 epoch' : `${epochs} epochs`}, {time(total / epochs)} an epoch.
      </p>
      <div className="whole" role="img" aria-label={rows.map((r) => `${r.name} ${percent(r.total)}`).join(', ')}>
        {rows.map((row) => (
          <i
            key={row.id}
            className={`ph-${row.id}`}
            style={{ flexGrow: row.total / total }}
            title={`${row.name} ${percent(row.total)}`}
          />
        ))}
      </div>
      <TableRegion label="Seconds by phase">
        <table className="fit">
          <thead>
            <tr>
              <th scope="col">Phase</th>
              <th scope="col" className="n">
                Share
              </th>
              <th scope="col" className="n">
                In all
              </th>
              <th scope="col" className="n">
                An epoch
              </th>
              <th scope="col">What it is</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <td>
                  <i className={`sw ph-${row.id}`} aria-hidden /> {row.name}
                </td>
                <td className="n">{percent(row.total)}</td>
                <td className="n">{time(row.total)}</td>
                <td className="n">{time(row.total / epochs)}</td>
                <td className="two">{row.about}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableRegion>
      <figure>
        <figcaption className="small two">
          Each epoch, up to {time(tallest)}
          {each > 1 && `; ${each} epochs share a column`}
        </figcaption>
        <div className="columns" aria-hidden>
          {columns.map((column) => (
            <span
              key={column.epoch}
              style={{ height: `${(100 * column.total) / tallest}%` }}
              title={`Up to epoch ${column.epoch}: ${rows.map((r, i) => `${r.name} ${time(column.seconds[i]!)}`).join(', ')}`}
            >
              {rows.map((row, i) => (
                <i key={row.id} className={`ph-${row.id}`} style={{ flexGrow: column.seconds[i]! / column.total }} />
              ))}
            </span>
          ))}
        </div>
      </figure>
    </section>
  );
}
