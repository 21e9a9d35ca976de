import { count } from './words.ts';

/** Items by class as bars on one scale; `parts` is one count, or train and validation. */
export function ClassShares({
  classes,
  few = 0,
}: {
  classes: readonly { name: string; parts: number[] }[];
  few?: number;
}) {
  const total = (parts: number[]) => parts.reduce((a, b) => a + b, 0);
  const most = Math.max(1, ...classes.map((c) => total(c.parts)));
  return (
    <dl className="shares">
      {classes.map(({ name, parts }) => (
        <div key={name} className={total(parts) < few ? 'small-class' : undefined}>
          <dt title={name}>{name}</dt>
          <dd className="b">
            {parts.map((n, part) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: parts have a fixed order
              <i key={part} style={{ width: `${(n / most) * 100}%` }} />
            ))}
          </dd>
          <dd className="n">
            {parts.length > 1 && (
              <span className="vh">
                {count(parts[0]!)} train, {count(parts[1]!)} validation, together
              </span>
            )}
            {count(total(parts))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
