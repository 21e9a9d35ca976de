// Predicts with model.onnx: node predict.mjs FILE ... Prints one JSON object an item. What goes in is told in README.md.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const schema = JSON.parse(await readFile(here('schema.json'), 'utf8'));
const MISSING = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '?', '#n/a']);
const UTF8 = new TextDecoder('utf-8', { fatal: true });
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

const WHY = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be opened',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not text in UTF-8',
};

function stop(message, code = 1) {
  console.error(message);
  process.exit(code);
}

/** A file by `read`; what can't be read ends the script with a sentence that names it. */
async function orStop(file, read) {
  try {
    return await read(await readFile(file));
  } catch (error) {
    stop(`Can't read ${file}: ${WHY[error.code] ?? error.message}.`);
  }
}

/** Loaded for images alone: a table is read without it. */
async function loadSharp() {
  try {
    return (await import('sharp')).default;
  } catch (error) {
    const why = error.code === 'ERR_MODULE_NOT_FOUND' ? 'is missing' : `can't be loaded (${error.message.trim()})`;
    stop(`Reading images takes the package sharp, which ${why}. Get it with: npm install`);
  }
}

/** float32 [H, W, C] in 0 to 1, stretched to the size that the model was trained on. */
async function readImage(bytes) {
  const { width, height, channels } = schema.image;
  let image = sharp(bytes).autoOrient();
  // Transparent parts on white.
  image = channels < 4 ? image.flatten({ background: '#fff' }) : image.ensureAlpha();
  image = image.resize(width, height, { fit: 'fill' });
  image = channels === 1 ? image.greyscale().toColourspace('b-w') : image.toColourspace('srgb');
  const { data, info } = await image
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch(() => {
      throw new Error('it is no image, or one that is broken');
    });
  return Float32Array.from({ length: width * height * channels }, (_, i) => {
    const [pixel, channel] = [Math.floor(i / channels), i % channels];
    return data[pixel * info.channels + Math.min(channel, info.channels - 1)] / 255;
  });
}

function number(cell) {
  const text = cell.trim();
  return NUMBER.test(text) && Number.isFinite(Number(text)) ? Number(text) : null;
}

/** float32 [D]: numbers as (x - mean) / std, categories one-hot; missing as zeros, where training saw it with a mark. */
function encodeRow(row, item) {
  const features = [];
  for (const column of schema.columns) {
    const cell = row.get(column.name);
    if (cell === undefined) stop(`${item} lacks the column "${column.name}".`);
    const missing = MISSING.has(cell.trim().toLowerCase());
    if (column.type === 'categorical') {
      // One spelling for each value: "1", "1.0" and "+1" are one category.
      const name = missing ? null : String(number(cell) ?? cell.trim());
      features.push(...column.categories.map((each) => (each === name ? 1 : 0)));
      continue;
    }
    const value = missing ? null : number(cell);
    if (value === null && !missing) stop(`${item}: ${column.name} is "${cell}", not a number.`);
    features.push(missing ? 0 : (value - column.mean) / column.std);
    if (column.missing) features.push(missing ? 1 : 0);
  }
  return Float32Array.from(features);
}

/** Lines of cells; quotes as in RFC 4180. */
function readCsv(text) {
  const lines = [];
  let line = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    if (end === '' && line.length === 0 && !quoted && !plain) break;
    line.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ',') continue;
    lines.push(line);
    line = [];
    if (end === '') break;
  }
  return lines;
}

/** Name and input of each item: one an image, one a row of a table. */
async function* readItems(files) {
  for (const file of files) {
    if (schema.image) {
      yield [file, await orStop(file, readImage)];
      continue;
    }
    const [header, ...rows] = await orStop(file, (bytes) => readCsv(UTF8.decode(bytes)));
    for (const [i, cells] of rows.entries()) {
      const item = `${file}:${i + 2}`;
      yield [item, encodeRow(new Map(header.map((name, c) => [name, cells[c] ?? ''])), item)];
    }
  }
}

/** The model's output in words: a class with its probability, or each target in its own unit. */
function answer(output) {
  if (!schema.classes)
    return {
      answer: Object.fromEntries(
        schema.targets.map(({ name, scale, offset }, i) => [name, output[i] * scale + offset]),
      ),
    };
  const exponents = output.map((logit) => Math.exp(logit - Math.max(...output)));
  const sum = exponents.reduce((a, b) => a + b);
  const shares = exponents.map((exponent) => exponent / sum);
  return {
    answer: schema.classes[shares.indexOf(Math.max(...shares))],
    probabilities: Object.fromEntries(schema.classes.map((name, i) => [name, shares[i]])),
  };
}

const files = process.argv.slice(2);
if (files.length === 0) stop('Usage: node predict.mjs FILE ...', 64);
const sharp = schema.image && (await loadSharp());
const session = await InferenceSession.create(here('model.onnx'));
const { image } = schema;
for await (const [item, x] of readItems(files)) {
  const shape = image ? [1, image.height, image.width, image.channels] : [1, x.length];
  const { output } = await session.run({ input: new Tensor('float32', x, shape) });
  console.log(JSON.stringify({ item, ...answer([...output.data]) }));
}
