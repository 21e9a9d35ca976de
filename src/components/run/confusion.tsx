import { TableRegion } from '#components/ui/index.ts';
import { count } from '#core/format/numbers.ts';
import type { ItemReport } from './run-items-tab.tsx';

/** More classes than this don't fit a table that can be read: the commonest confusions are listed instead. */
const MOST_CLASSES = 30;
const LISTED = 20;

/** A row a true class, a column an answer. Shaded by the share of the row: right answers in ink, wrong ones in brick. */
export function Confusion({ report, noun }: { report: Extract<ItemReport, { kind: 'classification' }>; noun: string }) {
  const { classes, confusion } = report;
  const wrong = confusion.filter((p) => p.label !== p.answer).sort((a, b) => b.items - a.items);
  const top = wrong[0];
  const worst =
    top && top.items > 1
      ? `Most often ${classes[top.label]!.name} is taken for ${classes[top.answer]!.name}: ${count(top.items)} of ${count(classes[top.label]!.items)}.`
      : null;
  if (classes.length > MOST_CLASSES)
    return (
      <section className="min-w-0 max-w-full">
        <h2 className="mb-2">Commonest confusions</h2>
        <table className="fit">
          <thead>
            <tr>
              <th scope="col">True class</th>
              <th scope="col">Answer</th>
              <th scope="col" className="n">
                {noun}s
              </th>
            </tr>
          </thead>
          <tbody>
            {wrong.slice(0, LISTED).map(({ label, answer, items }) => (
              <tr key={`${label} ${answer}`}>
                <td>{classes[label]!.name}</td>
                <td>{classes[answer]!.name}</td>
                <td className="n">{count(items)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    );
  const at = new Map(confusion.map((p) => [`${p.label} ${p.answer}`, p.items]));
  return (
    <section className="min-w-0 max-w-full">
      <h2 className="mb-2">Confusion</h2>
      {worst && <p className="small two mb-2">{worst}</p>}
      <TableRegion label="Confusion matrix">
        <table className="confusion">
          <caption className="sr-only">
            Rows are true classes, columns are answers; cells count validation {noun}s.
          </caption>
          <thead>
            <tr>
              <th scope="col" className="corner">
                true ↓ answered →
              </th>
              {classes.map((c) => (
                <th scope="col" key={c.name}>
                  {c.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {classes.map((truth, label) => (
              <tr key={truth.name}>
                <th scope="row">{truth.name}</th>
                {classes.map((answered, answer) => {
                  const items = at.get(`${label} ${answer}`) ?? 0;
                  const share = truth.items === 0 ? 0 : items / truth.items;
                  const right = label === answer;
                  return (
                    <td
                      key={answered.name}
                      className={right ? 'right' : items > 0 ? 'wrong' : undefined}
                      style={
                        { '--share': `${Math.round(100 * (right ? share : Math.sqrt(share)))}%` } as React.CSSProperties
                      }
                      title={
                        items > 0
                          ? `${count(items)} of ${count(truth.items)} ${truth.name} answered ${answered.name}, ${(100 * share).toFixed(1)} %`
                          : undefined
                      }
                    >
                      {items > 0 ? count(items) : <span aria-hidden>·</span>}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </TableRegion>
    </section>
  );
}
