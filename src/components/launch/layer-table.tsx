import { TableRegion } from '#components/ui/index.ts';
import { count, megabytes } from '#core/format/numbers.ts';
import type { LayerRow, ModelSummary } from '#core/model/summary.ts';

/** Shapes, parameters, mult-adds and memory of every layer for one batch, by torchinfo's definitions. `hot`: the layer that a warning is about. */
export function LayerTable({ summary, hot }: { summary: ModelSummary; hot?: string | undefined }) {
  const partly = summary.trainable < summary.parameters;
  // The column costs width, and says nothing new where only running statistics are not trained.
  const frozen = summary.rows.some((row) => row.parameters > 0 && row.trainable === 0);
  return (
    <div className="layers-box">
      <p className="layers-hint tiny two">Scroll the table sideways: mult-adds and memory stand at its right.</p>
      <TableRegion label="Layer table">
        <table className="layers">
          <thead>
            <tr>
              <th scope="col">Layer</th>
              <th scope="col">Kind</th>
              <th scope="col" className="n">
                Output
              </th>
              <th scope="col" className="n">
                Parameters
              </th>
              {frozen && (
                <th scope="col" className="n">
                  Trained
                </th>
              )}
              <th scope="col" className="n">
                <span className="whitespace-nowrap">Mult-adds,</span> M
              </th>
              <th scope="col" className="n">
                Memory, MB
              </th>
            </tr>
          </thead>
          <tbody>
            {summary.rows.map((row) => (
              <Row key={row.name} row={row} hot={row.name === hot} frozen={frozen} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td>total</td>
              <td />
              <td />
              <td className="n">{count(summary.parameters)}</td>
              {frozen && <td className="n">{count(summary.trainable)}</td>}
              <td className="n">{millions(summary.multAdds)}</td>
              <td className="n">{megabytes(summary.inputMemory + summary.forwardBackwardMemory)}</td>
            </tr>
          </tfoot>
        </table>
      </TableRegion>
      <p className="tiny three mt-1">
        Memory of a layer: its output, forward and backward, for a batch of {summary.batchSize}. Input{' '}
        {megabytes(summary.inputMemory)} MB, forward and backward {megabytes(summary.forwardBackwardMemory)}, parameters{' '}
        {megabytes(summary.parameterMemory)}, in all {megabytes(summary.totalMemory)} MB.{' '}
        {partly
          ? `${count(summary.parameters - summary.trainable)} of them are not trained: ${frozen ? 'frozen layers and ' : ''}running statistics, which torchinfo leaves out.`
          : 'All of them are trained.'}{' '}
        The same definitions as torchinfo’s.
      </p>
    </div>
  );
}

function Row({ row, hot, frozen }: { row: LayerRow; hot: boolean; frozen: boolean }) {
  const quiet = (value: number) => (value === 0 ? 'n three' : 'n');
  return (
    <tr className={hot ? 'hot' : undefined}>
      <td className={row.depth > 0 ? 'cut inner' : 'cut'} title={row.name}>
        {row.depth > 0 ? row.name.slice(row.name.indexOf('/') + 1) : row.name}
      </td>
      <td className="cut" title={row.kind}>
        {row.kind}
      </td>
      <td className="n">{row.output.map(count).join(' × ')}</td>
      <td className={quiet(row.parameters)}>{hot ? <b>{count(row.parameters)}</b> : count(row.parameters)}</td>
      {frozen && <td className={quiet(row.trainable)}>{trained(row)}</td>}
      <td className={quiet(row.multAdds)}>{row.multAdds === 0 ? '0' : millions(row.multAdds)}</td>
      <td className={quiet(row.memory)}>{row.memory === 0 ? '0' : megabytes(row.memory)}</td>
    </tr>
  );
}

function trained({ parameters, trainable }: LayerRow): string {
  return parameters > 0 && trainable === 0 ? 'no' : count(trainable);
}

function millions(multAdds: number): string {
  const m = multAdds / 1e6;
  const digits = m >= 1000 ? 0 : 2;
  return m.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
