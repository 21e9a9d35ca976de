import { type ConfigChange, diffConfigs } from '#core/config/diff.ts';

/** What is different, path by path; taken away in one colour with a minus, put in with a plus. */
export function ConfigChanges({ before, after, same }: { before: unknown; after: unknown; same: string }) {
  const changes = diffConfigs(before, after);
  if (changes.length === 0) return <p className="small two">{same}</p>;
  return (
    <div className="diff">
      {changes.map((change) => (
        <Change key={change.path} change={change} />
      ))}
    </div>
  );
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
