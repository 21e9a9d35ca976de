import { count } from '#core/format/numbers.ts';
import type { TestResult } from '#core/seal/result.ts';
import { TableRegion } from '../ui/index.ts';
import { bare } from './words.ts';

type Accuracy = Extract<TestResult, { metric: 'accuracy' }>;

/** Right answers by class; known only now that the test part is open. */
export function ClassTable({ result, kind }: { result: Accuracy; kind: 'image' | 'row' }) {
  return (
    <section className="rule">
      <h2>By class</h2>
      <TableRegion label="Result by class">
        <table>
          <thead>
            <tr>
              <th scope="col">Class</th>
              <th scope="col" className="n">
                {kind === 'image' ? 'Images' : 'Rows'}
              </th>
              <th scope="col" className="n">
                Right
              </th>
              <th scope="col" className="n">
                Share right, %
              </th>
              <th scope="col" className="n">
                Answered
              </th>
            </tr>
          </thead>
          <tbody>
            {result.perClass.map((row) => (
              <tr key={row.name}>
                <th scope="row">{row.name}</th>
                <td className="n">{count(row.items)}</td>
                <td className="n">{count(row.right)}</td>
                <td className="n">{row.items > 0 ? bare('accuracy', row.right / row.items) : ''}</td>
                <td className="n">{count(row.answered)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">All</th>
              <td className="n">{count(result.n)}</td>
              <td className="n">{count(result.right)}</td>
              <td className="n">
                <b>{bare('accuracy', result.value)}</b>
              </td>
              <td className="n">{count(result.n)}</td>
            </tr>
          </tfoot>
        </table>
      </TableRegion>
    </section>
  );
}
