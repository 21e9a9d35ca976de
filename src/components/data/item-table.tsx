import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import type { Outputs } from '../trpc/client.tsx';
import { TableRegion } from '../ui/index.ts';

type Item = Outputs['datasets']['items']['items'][number];
type TableSchema = Extract<DatasetSchema, { columns: unknown }>;

/** Rows as they were uploaded: the target first, then the columns that runs learn from. */
export function ItemTable({ schema, items }: { schema: TableSchema; items: readonly Item[] }) {
  const targets = schema.kind === 'tabular-classification' ? [schema.target] : schema.targets.map((t) => t.name);
  const cell = (value: number | string | null | undefined) =>
    value === null || value === undefined ? <span className="three">missing</span> : String(value);
  return (
    <TableRegion label="Rows">
      <table>
        <thead>
          <tr>
            <th scope="col">Row</th>
            {targets.map((name) => (
              <th key={name} scope="col" className={schema.kind === 'tabular-regression' ? 'n' : undefined}>
                {name}
              </th>
            ))}
            {schema.columns.map((column) => (
              <th key={column.name} scope="col" className={column.type === 'numeric' ? 'n' : undefined}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.index}>
              <th scope="row" className="three">
                {item.name}
              </th>
              {item.label !== undefined && <td>{item.label}</td>}
              {item.targets?.map((value, t) => (
                <td key={targets[t]} className="n">
                  {cell(value)}
                </td>
              ))}
              {schema.columns.map((column, c) => (
                <td key={column.name} className={column.type === 'numeric' ? 'n' : 'cell'}>
                  {cell(item.values?.[c])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableRegion>
  );
}
