import { type ConfigChange, diffConfigs } from '#core/config/diff.ts';

/** What is different, path by path; taken away in one colour with a minus, put in with a plus. */
export function ConfigChanges({ before, after, same }: { before: unknown; after: unknown; same: string }) {
  const changes = shorter(diffConfigs(before, after));
  if (changes.length === 0) return <p className="small two">{same}</p>;
  return (
    <div className="diff">
      {changes.map((change) => (
        <Change key={change.path} change={change} />
      ))}
    </div>
  );
}

/** A layer that came or went is told by its other values, where it has some; its place among the layers by its name. */
function shorter(changes: ConfigChange[]): ConfigChange[] {
  const owner = (path: string) => path.slice(0, path.lastIndexOf('.'));
  return changes
    .filter(
      (c) =>
        !c.path.endsWith('.type') ||
        (c.before !== undefined && c.after !== undefined) ||
        changes.filter((other) => owner(other.path) === owner(c.path)).length === 1,
    )
    .map((c) => ({ ...c, path: c.path.replace(/^layers\./, '') }));
}

function Change({ change: { path, before, after } }: { change: ConfigChange }) {
  return (
    <>
      {before !== undefined && (
        <span>
          <del>
            − {path} {before}
          </del>
        </span>
      )}
      {after !== undefined && (
        <span>
          <ins>
            + {path} {after}
          </ins>
        </span>
      )}
    </>
  );
}
