import { readFileSync, statSync } from 'node:fs';
import type { InputSpec, TaskSpec } from '#core/model/spec.ts';
import type { ItemArray, PartArrays } from '#engine/engine.ts';
import { decodeImage } from '#referee/ingest/image.ts';
import { openArchive } from '#referee/ingest/zip.ts';
import type { Recipe } from './diagnosis-recipes.ts';

/** The items of the samples, and what a recipe takes of them. */

interface Table {
  name: string;
  /** uint8 images as they are; columns are standardised by the train part */
  x: (number[] | Uint8Array)[];
  y: number[];
  input: InputSpec;
  task: TaskSpec;
}

function table(name: string, classes: readonly string[] | null): Table {
  const [head, ...rows] = readFileSync(`samples/${name}.csv`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const target = name === 'digits-8x8' ? 0 : head!.length - 1;
  const y = rows.map((row) => (classes ? classes.indexOf(row[target]!) : Number(row[target])));
  const x = rows.map((row) => row.filter((_, i) => i !== target).map(Number));
  const input: InputSpec = { kind: 'vector', features: x[0]!.length };
  return { name, x, y, input, task: classes ? { kind: 'classification', classes: classes.length } : regression(y) };
}

function regression(y: readonly number[]): TaskSpec {
  const mean = y.reduce((a, b) => a + b, 0) / y.length;
  const std = Math.sqrt(y.reduce((a, b) => a + (b - mean) ** 2, 0) / y.length);
  return { kind: 'regression', targets: 1, offset: [mean], scale: [std], unit: '' };
}

async function images(name: string): Promise<Table> {
  const file = `samples/${name}.zip`;
  const archive = await openArchive(file, statSync(file).size, name);
  try {
    const read = async (entry: (typeof archive.images)[number]) =>
      (await decodeImage(await archive.read(entry))).pixels;
    const x: Uint8Array[] = [];
    for (const entry of archive.images) x.push(await read(entry));
    return {
      name,
      x,
      y: archive.images.map((entry) => Number(entry.name.split('/').at(-2))),
      input: { kind: 'image', height: 28, width: 28, channels: 1 },
      task: { kind: 'classification', classes: 10 },
    };
  } finally {
    await archive.close();
  }
}

export const TABLES: Record<Recipe['table'], Table> = {
  iris: table('iris', ['setosa', 'versicolor', 'virginica']),
  digits: table(
    'digits-8x8',
    Array.from({ length: 10 }, (_, i) => String(i)),
  ),
  diabetes: table('diabetes', null),
  mnist: await images('mnist-5000'),
};

type HeldPart = PartArrays & { x: ItemArray };

export function parts(recipe: Recipe, random: () => number): { train: HeldPart; validation: HeldPart; task: TaskSpec } {
  const { x, y, input, task } = TABLES[recipe.table];
  const order = x.map((_, i) => i);
  for (let i = order.length - 1; i > 0; i--) {
    const j = random() % (i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  const validation = order.slice(0, recipe.validation);
  const train = order.slice(recipe.validation, recipe.validation + recipe.train);
  const scale = Array.from(x[0]!, (_, k) => {
    const values = train.map((i) => x[i]![k]!);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return { mean, std: Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length) || 1 };
  });
  const labels = new Map(order.map((i) => [i, y[i]!]));
  for (const i of train)
    if (random() / 2 ** 32 < (recipe.labelNoise ?? 0)) labels.set(i, y[order[random() % order.length]!]!);
  for (let k = 0; k < (recipe.leak ?? 0); k++) train.push(...validation);
  const of = (items: readonly number[]): HeldPart => ({
    x:
      input.kind === 'image'
        ? Uint8Array.from(items.flatMap((i) => [...x[i]!]))
        : Float32Array.from(items.flatMap((i) => Array.from(x[i]!, (v, k) => (v - scale[k]!.mean) / scale[k]!.std))),
    y: (task.kind === 'classification' ? Int32Array : Float32Array).from(items.map((i) => labels.get(i)!)),
    n: items.length,
  });
  return {
    train: of(train),
    validation: of(validation),
    task: task.kind === 'regression' ? regression(train.map((i) => y[i]!)) : task,
  };
}
