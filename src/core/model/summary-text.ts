import { blockOf, type Module, modelModules } from './modules.ts';
import { INPUT } from './names.ts';
import type { LayerPlan } from './plan.ts';

/**
 * The layer table as torchinfo 1.8 prints it (github.com/TylerYep/torchinfo, formatting.py and model_statistics.py)
 * for the same network as a torch.nn.Sequential, or as a module named Graph where layers name what they read.
 */

/** torchinfo's names of the columns and what it heads them with. */
const COLUMNS = {
  output_size: 'Output Shape',
  num_params: 'Param #',
  kernel_size: 'Kernel Shape',
  mult_adds: 'Mult-Adds',
  trainable: 'Trainable',
} as const;
export type SummaryColumn = keyof typeof COLUMNS;
export const SUMMARY_COLUMNS = Object.keys(COLUMNS) as SummaryColumn[];

const NAME_WIDTH = 40;
const COLUMN_WIDTH = 25;
const FLOAT = 4;
/** torchinfo measures the input by sys.getsizeof, which counts Python's header of a tensor's storage. */
const STORAGE_HEADER = 64;

/** One row of torchinfo's table. */
export interface ModuleRow extends Module {
  /** 1 for the model's own modules */
  depth: number;
  /** its number among all rows of that depth, from 1 */
  index: number;
}

/** The tree in the order in which it is printed. O(layers). */
export function moduleRows(plan: readonly LayerPlan[], batchSize: number): ModuleRow[] {
  const rows: ModuleRow[] = [];
  const counts: number[] = [];
  const walk = (modules: readonly Module[], depth: number) => {
    for (const module of modules) {
      counts[depth] = (counts[depth] ?? 0) + 1;
      rows.push({ ...module, depth, index: counts[depth] });
      walk(module.holds, depth + 1);
    }
  };
  walk(modelModules(plan, batchSize), 1);
  return rows;
}

export interface ModuleTotals {
  parameters: number;
  trainable: number;
  multAdds: number;
  /** bytes */
  input: number;
  forwardBackward: number;
  parameterMemory: number;
}

export function moduleTotals(rows: readonly ModuleRow[], plan: readonly LayerPlan[], batchSize: number): ModuleTotals {
  const sum = (of: (row: ModuleRow) => number) => rows.reduce((n, row) => n + of(row), 0);
  const parameters = sum((row) => row.parameters);
  return {
    parameters,
    trainable: sum((row) => row.trainable),
    multAdds: sum((row) => row.multAdds),
    input: batchSize * product(plan[0]!.input) * FLOAT,
    forwardBackward: sum((row) => (row.parameters > 0 ? 2 * product(row.output) * FLOAT : 0)),
    parameterMemory: parameters * FLOAT,
  };
}

/** torchinfo's text, without a newline at the end. Columns in the order given. O(layers). */
export function summaryText(
  plan: readonly LayerPlan[],
  batchSize: number,
  columns: readonly SummaryColumn[] = SUMMARY_COLUMNS,
): string {
  const rows = moduleRows(plan, batchSize);
  const totals = moduleTotals(rows, plan, batchSize);
  const top = rows.filter((row) => row.depth === 1);
  const root: Module = {
    ...EMPTY,
    type: isGraph(plan) ? 'Graph' : 'Sequential',
    output: top.at(-1)!.output,
    holds: top,
  };
  const divider = '='.repeat(NAME_WIDTH + COLUMN_WIDTH * columns.length);
  const line = (name: string, cells: Record<SummaryColumn, string>) =>
    [name.padEnd(NAME_WIDTH), ...columns.map((column) => cells[column].padEnd(COLUMN_WIDTH))].join(' ').trimEnd();
  const inputMemory = totals.input + STORAGE_HEADER;
  const total = inputMemory + totals.forwardBackward + totals.parameterMemory;
  return [
    divider,
    line('Layer (type:depth-idx)', COLUMNS),
    divider,
    line(root.type, cellsOf(root)),
    ...rows.map((row) => line(`${branch(row.depth)}${row.type}: ${row.depth}-${row.index}`, cellsOf(row))),
    divider,
    `Total params: ${grouped(totals.parameters)}`,
    `Trainable params: ${grouped(totals.trainable)}`,
    `Non-trainable params: ${grouped(totals.parameters - totals.trainable)}`,
    `Total mult-adds ${inUnits(totals.multAdds)}`,
    divider,
    `Input size (MB): ${twoDecimals(inputMemory / 1e6)}`,
    `Forward/backward pass size (MB): ${twoDecimals(totals.forwardBackward / 1e6)}`,
    `Params size (MB): ${twoDecimals(totals.parameterMemory / 1e6)}`,
    `Estimated Total Size (MB): ${twoDecimals(total / 1e6)}`,
    divider,
  ].join('\n');
}

/** Whether a layer of the model itself reads anything but the one before. */
export function isGraph(plan: readonly LayerPlan[]): boolean {
  const shortcuts = new Map(plan.map((layer) => [layer.name, layer.inputs[0]!]));
  let before = INPUT;
  for (const layer of plan) {
    if (blockOf(layer) !== undefined) continue;
    const { name, spec, inputs } = layer;
    // A block's second input is what it read, or the projection of that.
    const read = spec.type === 'residual' ? [projected(inputs[1]!, name, shortcuts)] : inputs;
    if (read.length > 1 || read[0] !== before) return true;
    before = name;
  }
  return false;
}

function projected(source: string, block: string, inputOf: ReadonlyMap<string, string>): string {
  return source.startsWith(`${block}/`) ? projected(inputOf.get(source)!, block, inputOf) : source;
}

const EMPTY = { kernel: null, parameters: 0, trainable: 0, multAdds: 0 };

function branch(depth: number): string {
  return depth === 1 ? '├─' : `${'│    '.repeat(depth - 1)}└─`;
}

function cellsOf(module: Module): Record<SummaryColumn, string> {
  const { output, kernel, parameters, multAdds } = module;
  return {
    output_size: list(output),
    num_params: parameters > 0 ? grouped(parameters) : '--',
    kernel_size: kernel === null ? '--' : typeof kernel === 'number' ? String(kernel) : list(kernel),
    mult_adds: multAdds > 0 ? grouped(multAdds) : '--',
    trainable: trainableWord(module),
  };
}

function trainableWord(module: Module): string {
  const all = everyModule(module);
  const [parameters, trainable] = [all.some((m) => m.parameters > 0), all.some((m) => m.trainable > 0)];
  if (!parameters) return '--';
  if (!trainable) return 'False';
  return all.every((m) => m.trainable === m.parameters) ? 'True' : 'Partial';
}

function everyModule(module: Module): Module[] {
  return [module, ...module.holds.flatMap(everyModule)];
}

function product(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

function list(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

function grouped(n: number): string {
  return n.toLocaleString('en-US');
}

/** "(Units.GIGABYTES): 7.92": torchinfo's word for 10^9, whatever is counted. */
function inUnits(n: number): string {
  const [unit, size] =
    n >= 1e12 ? (['TERA', 1e12] as const) : n >= 1e9 ? (['GIGA', 1e9] as const) : (['MEGA', 1e6] as const);
  const value = n / size;
  const [whole, rest] = (Number.isInteger(value) ? String(value) : twoDecimals(value)).split('.');
  return `(Units.${unit}BYTES): ${grouped(Number(whole))}${rest === undefined ? '' : `.${rest}`}`;
}

/** As Python rounds: an exact half goes to the even digit. Of the halves of 0.01 only odd eighths are exact; toFixed takes each up. */
function twoDecimals(value: number): string {
  return ((value * 8) % 4 === 1 ? value - 0.005 : value).toFixed(2);
}
