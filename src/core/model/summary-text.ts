import { type Activation, type LayerSpec, type ModelSpec, pair } from './spec.ts';
import type { LayerRow, ModelSummary } from './summary.ts';

/**
 * The layer table as torchinfo 1.8 prints it (github.com/TylerYep/torchinfo, formatting.py and model_statistics.py)
 * for the same network as a torch.nn.Sequential: one row a module, so a layer's activation is a row of its own.
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

/** One row of torchinfo's table. */
export interface ModuleRow {
  /** PyTorch's class, e.g. "Conv2d" */
  type: string;
  /** with the batch: [B, C, H, W] or [B, D] */
  output: number[];
  kernel: number | [number, number] | null;
  /** What PyTorch calls parameters: batch norm's running statistics are buffers and not among them. */
  parameters: number;
  multAdds: number;
}

/** Every layer's modules in order. `summary` is summarise(model, …). O(layers). */
export function moduleRows(model: ModelSpec, summary: ModelSummary): ModuleRow[] {
  return model.layers.flatMap((spec, i) => {
    const row = summary.rows[i + 1]!;
    const output = [summary.batchSize, ...row.output];
    const holder = { kernel: kernelOf(spec), parameters: row.trainable, multAdds: row.multAdds };
    const bare = { output, kernel: null, parameters: 0, multAdds: 0 };
    const modules = [{ ...bare, ...holder, type: moduleOf(spec, row) }];
    if (spec.type === 'global_average_pool2d') {
      modules[0]!.output = [...output, 1, 1];
      modules.push({ ...bare, type: 'Flatten' });
    }
    if ((spec.type === 'dense' || spec.type === 'conv2d') && spec.activation !== 'linear')
      modules.push({ ...bare, type: ACTIVATION_MODULES[spec.activation] });
    return modules;
  });
}

/** torchinfo's text, without a newline at the end. Columns in the order given. O(layers). */
export function summaryText(
  model: ModelSpec,
  summary: ModelSummary,
  columns: readonly SummaryColumn[] = SUMMARY_COLUMNS,
): string {
  const rows = moduleRows(model, summary);
  const parameters = rows.reduce((n, row) => n + row.parameters, 0);
  const root = { output: rows.at(-1)!.output, kernel: null, parameters: 0, multAdds: 0 };
  const divider = '='.repeat(NAME_WIDTH + COLUMN_WIDTH * columns.length);
  const line = (name: string, cells: Record<SummaryColumn, string>) =>
    [name.padEnd(NAME_WIDTH), ...columns.map((column) => cells[column].padEnd(COLUMN_WIDTH))].join(' ').trimEnd();
  const parameterMemory = parameters * 4;
  const total = summary.inputMemory + summary.forwardBackwardMemory + parameterMemory;
  return [
    divider,
    line('Layer (type:depth-idx)', COLUMNS),
    divider,
    line('Sequential', { ...cellsOf(root), trainable: parameters > 0 ? 'True' : '--' }),
    ...rows.map((row, i) => line(`├─${row.type}: 1-${i + 1}`, cellsOf(row))),
    divider,
    `Total params: ${grouped(parameters)}`,
    `Trainable params: ${grouped(parameters)}`,
    'Non-trainable params: 0',
    `Total mult-adds ${inUnits(summary.multAdds)}`,
    divider,
    `Input size (MB): ${twoDecimals(summary.inputMemory / 1e6)}`,
    `Forward/backward pass size (MB): ${twoDecimals(summary.forwardBackwardMemory / 1e6)}`,
    `Params size (MB): ${twoDecimals(parameterMemory / 1e6)}`,
    `Estimated Total Size (MB): ${twoDecimals(total / 1e6)}`,
    divider,
  ].join('\n');
}

function cellsOf({ output, kernel, parameters, multAdds }: Omit<ModuleRow, 'type'>): Record<SummaryColumn, string> {
  return {
    output_size: list(output),
    num_params: parameters > 0 ? grouped(parameters) : '--',
    kernel_size: kernel === null ? '--' : typeof kernel === 'number' ? String(kernel) : list(kernel),
    mult_adds: multAdds > 0 ? grouped(multAdds) : '--',
    trainable: parameters > 0 ? 'True' : '--',
  };
}

const ACTIVATION_MODULES: Record<Activation, string> = {
  linear: 'Identity',
  relu: 'ReLU',
  leaky_relu: 'LeakyReLU',
  elu: 'ELU',
  selu: 'SELU',
  gelu: 'GELU',
  swish: 'SiLU',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
};

function moduleOf(spec: LayerSpec, row: LayerRow): string {
  switch (spec.type) {
    case 'dense':
      return 'Linear';
    case 'conv2d':
      return 'Conv2d';
    case 'max_pool2d':
      return 'MaxPool2d';
    case 'average_pool2d':
      return 'AvgPool2d';
    case 'global_average_pool2d':
      return 'AdaptiveAvgPool2d';
    case 'flatten':
      return 'Flatten';
    case 'dropout':
      return 'Dropout';
    case 'batch_norm':
      return row.output.length === 3 ? 'BatchNorm2d' : 'BatchNorm1d';
    case 'activation':
      return ACTIVATION_MODULES[spec.activation];
    case 'add':
      return 'Add';
    case 'concatenate':
      return 'Concatenate';
    case 'residual':
      return 'Residual';
  }
}

/** PyTorch's convolutions make a pair of their kernel; its poolings keep what they were given. */
function kernelOf(spec: LayerSpec): ModuleRow['kernel'] {
  if (spec.type === 'conv2d') return pair(spec.kernelSize);
  return 'poolSize' in spec ? spec.poolSize : null;
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
