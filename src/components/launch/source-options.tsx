import { runId } from '#core/format/numbers.ts';
import type { Source } from './use-sources.ts';

/** What a run may start from, as the options of a select: by whose it is. */
export function SourceOptions({ of }: { of: readonly Source[] }) {
  return (
    <>
      <Group title="Runs of your team" of={of.filter((s) => s.number !== null && !s.shared)} />
      <Group title="Shared with the course" of={of.filter((s) => s.number !== null && s.shared)} />
      <Group title="Uploaded models" of={of.filter((s) => s.number === null)} />
    </>
  );
}

function Group({ title, of }: { title: string; of: readonly Source[] }) {
  if (of.length === 0) return null;
  return (
    <optgroup label={title}>
      {of.map((source) => (
        <option key={source.id} value={source.id}>
          {source.number === null ? '' : `${runId(source.number)} `}
          {source.name}
          {source.shared ? `, ${source.team}` : `, ${source.project.name}`}
        </option>
      ))}
    </optgroup>
  );
}
