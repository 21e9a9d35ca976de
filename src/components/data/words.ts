import type { DatasetKind, DatasetSchema } from '#core/data/dataset-schema.ts';

export const KIND_WORDS: Record<DatasetKind, string> = {
  'image-classification': 'Image classification',
  'image-keypoints': 'Image keypoints',
  'tabular-classification': 'Table, classification',
  'tabular-regression': 'Table, regression',
};

const number = new Intl.NumberFormat('en');
export const count = (n: number): string => number.format(n);
export const counted = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

/** In units of 1024, as the upload limit is set. */
export function fileSize(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toPrecision(value < 10 ? 2 : 3))} ${units[unit]}`;
}

/** Four digits carry what the end of a histogram needs; the exact value is in the title. */
export const figure = (value: number): string => String(Number(value.toPrecision(4)));

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' });
const time = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' });
export const onDay = (at: Date | string): string => day.format(new Date(at));
export const atTime = (at: Date | string): string => time.format(new Date(at));

const CHANNELS = { 1: 'grey', 3: 'colour', 4: 'colour and alpha' } as const;

/** "5,000 grey images of 28 × 28, 10 classes" */
export function describeSchema(schema: DatasetSchema, items: number): string {
  if ('image' in schema) {
    const { height, width, channels } = schema.image;
    const what = `${count(items)} ${CHANNELS[channels]} images of ${height} × ${width}`;
    return schema.kind === 'image-classification'
      ? `${what}, ${counted(schema.classes.length, 'class', 'classes')}`
      : `${what}, ${counted(schema.targets.length, 'coordinate')} to predict`;
  }
  const what = `${counted(items, 'row')}, ${counted(schema.columns.length, 'column')} to learn from`;
  return schema.kind === 'tabular-classification'
    ? `${what}, ${schema.target} as one of ${counted(schema.classes.length, 'class', 'classes')}`
    : `${what}, ${schema.targets.map((t) => t.name).join(', ')} as a number`;
}
