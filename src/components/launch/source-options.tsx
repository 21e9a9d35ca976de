import { metricValue, runId } from '#core/format/numbers.ts';
import type { Source } from './use-sources.ts';

export interface SourceGroup {
  title: string;
  of: readonly Source[];
}

/** By whose they are. */
export function groupsByOwner(of: readonly Source[]): SourceGroup[] {
  return [
    { title: 'Runs of your team', of: of.filter((s) => s.number !== null && !s.shared) },
    { title: 'Shared with the course', of: of.filter((s) => s.number !== null && s.shared) },
    { title: 'Uploaded models', of: of.filter((s) => s.number === null) },
  ];
}

/** What a run may start from, as the options of a select. */
export function SourceOptions({ groups }: { groups: readonly SourceGroup[] }) {
  return groups.map(({ title, of }) =>
    of.length === 0 ? null : (
      <optgroup key={title} label={title}>
        {of.map((source) => (
          <option key={source.id} value={source.id}>
            {sourceName(source)}
            {source.shared ? `, ${source.team}` : `, ${source.project.name}`}
            {scoreWords(source)}
          </option>
        ))}
      </optgroup>
    ),
  );
}

/** "r-0026 mobile" */
export function sourceName({ number, name }: Source): string {
  return number === null ? name : `${runId(number)} ${name}`;
}

/** Its best on its own validation part, or that it has none worth telling. */
function scoreWords({ number, bestValue, metric, diverged }: Source): string {
  if (number === null) return ', uploaded';
  const score =
    metric !== null && bestValue !== null && Number.isFinite(bestValue)
      ? `: ${metric === 'rmse' ? 'RMSE' : metric} ${metricValue(metric, bestValue)}`
      : ': no score';
  return diverged ? `${score}, diverged` : score;
}
