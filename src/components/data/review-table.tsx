import { COLUMN_TYPES, type ColumnReport, type ColumnType } from '#core/data/column-typing.ts';
import { columnType, type Decision, type TableDecision } from '#core/data/decision.ts';
import type { TableContent } from '#core/data/report.ts';
import { Field, Segmented, Select, TableRegion } from '../ui/index.ts';
import { count, counted, figure } from './words.ts';

const TYPE_WORDS: Record<ColumnType, string> = { numeric: 'numbers', categorical: 'categories', ignored: 'leave out' };
const KINDS = [
  { value: 'tabular-classification', label: 'A class' },
  { value: 'tabular-regression', label: 'A number' },
] as const;
const PREVIEW_ROWS = 8;
const PREVIEW_COLUMNS = 30;

/** What to predict, and how each column is read. */
export function ReviewTable({
  content,
  decision,
  onDecision,
}: {
  content: TableContent;
  decision: TableDecision;
  onDecision: (decision: Decision) => void;
}) {
  const { columns, preview, items } = content;
  const setType = (name: string, type: ColumnType) =>
    onDecision({ ...decision, columns: { ...decision.columns, [name]: type } });
  return (
    <div className="grid gap-4">
      <p className="two">
        {counted(items, 'row')}, {counted(columns.length, 'column')}.
      </p>
      <div className="flex flex-wrap gap-4 items-end">
        <Field label="Column to predict">
          <Select value={decision.target} onChange={(event) => onDecision({ ...decision, target: event.target.value })}>
            {columns.map((c) => (
              <option key={c.name}>{c.name}</option>
            ))}
          </Select>
        </Field>
        <div className="field">
          <span className="lab">It is</span>
          <Segmented
            label="What the column holds"
            tall
            options={KINDS}
            value={decision.kind}
            onChange={(kind) => onDecision({ ...decision, kind })}
          />
        </div>
      </div>
      <TableRegion label="Columns and how they are read" className="columns">
        <table>
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">Read as</th>
              <th scope="col">Values</th>
              <th scope="col" className="n">
                Missing
              </th>
            </tr>
          </thead>
          <tbody>
            {columns.map((column) => (
              <tr key={column.name}>
                <th scope="row" className="cell" title={column.name}>
                  {column.name}
                </th>
                <td>
                  {column.name === decision.target ? (
                    <b className="acc">to predict</b>
                  ) : (
                    <select
                      className="in"
                      aria-label={`How ${column.name} is read`}
                      value={columnType(column, decision)}
                      onChange={(event) => setType(column.name, event.target.value as ColumnType)}
                    >
                      {COLUMN_TYPES.map((type) => (
                        <option key={type} value={type}>
                          {TYPE_WORDS[type]}
                        </option>
                      ))}
                    </select>
                  )}
                </td>
                <td className="two">{describeValues(column)}</td>
                <td className="n">{column.missing ? count(column.missing) : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableRegion>
      <div>
        <h3 className="mb-2">First rows</h3>
        <TableRegion label="First rows of the table">
          <table>
            <thead>
              <tr>
                {columns.slice(0, PREVIEW_COLUMNS).map((c) => (
                  <th key={c.name} scope="col" className={c.range && !c.notNumbers.total ? 'n' : undefined}>
                    {c.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {preview.slice(0, PREVIEW_ROWS).map((row) => (
                <tr key={row.line}>
                  {row.cells.slice(0, PREVIEW_COLUMNS).map((cell, c) => (
                    <td
                      key={columns[c]!.name}
                      className={columns[c]!.range && !columns[c]!.notNumbers.total ? 'n' : 'cell'}
                    >
                      {cell || <span className="three">missing</span>}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </TableRegion>
        {columns.length > PREVIEW_COLUMNS && (
          <p className="small two mt-2">and {columns.length - PREVIEW_COLUMNS} more columns</p>
        )}
      </div>
    </div>
  );
}

function describeValues({ type, reason, range, values, notNumbers }: ColumnReport): string {
  if (type === 'ignored') return reason;
  if (range && notNumbers.total === 0)
    return `${figure(range.min)} to ${figure(range.max)}${values && values.length <= 20 ? `, ${values.length} different` : ''}`;
  if (type === 'numeric') return reason;
  const shown = values?.slice(0, 4).map((v) => v.value) ?? [];
  return `${shown.join(', ')}${values && values.length > 4 ? `, and ${values.length - 4} more` : ''}`;
}
