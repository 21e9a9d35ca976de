import { AppError, type ErrorItem } from '#core/errors.ts';
import { count } from '#core/format/numbers.ts';
import { decodeSafetensors, type SafeTensor } from '#core/format/safetensors.ts';
import { planModel, plannedWeights } from '#core/model/plan.ts';
import { type ImportedSpec, type ImportFormat, importedSpecSchema } from '#core/transfer/imported.ts';
import { type KerasModel, readKerasConfig } from '#core/transfer/keras-config.ts';
import { type KerasArrays, MAX_WEIGHTS, readHdf5 } from './hdf5.ts';
import { readTfjsArrays } from './tfjs.ts';
import { type Files, isZip, unzip } from './unpack.ts';

export interface ReadModel {
  format: ImportFormat;
  spec: ImportedSpec;
  /** by our names */
  weights: Map<string, SafeTensor>;
  parameters: number;
}

const FORMATS =
  'a Keras archive (.keras), a Keras HDF5 file (.h5), a TensorFlow.js layers model (model.json with its weight files, or both in a zip), or .safetensors with a JSON file {"model": {"layers"}, "input"}';

/** An uploaded model, whatever its format: told by what is in it, not by its name. Throws AppError that names the layer or the file. */
export async function readModel(uploaded: Files): Promise<ReadModel> {
  const files = new Map(uploaded);
  const [archive, another] = [...uploaded].filter(([, bytes]) => isZip(bytes));
  // Each may unpack to many times its size.
  if (archive && another)
    throw new AppError('unsupported', `"${archive[0]}" and "${another[0]}" are both archives. Upload one at a time.`);
  if (archive) {
    files.delete(archive[0]);
    for (const [inner, content] of await unzip(archive[1], `"${archive[0]}"`)) files.set(inner, content);
  }
  const weights = files.get('model.weights.h5');
  const config = files.get('config.json');
  if (weights && config) {
    const { arrays } = await readHdf5(weights, 'model.weights.h5');
    return fromKeras('keras', readKerasConfig(parse(config, 'config.json')), arrays);
  }
  for (const [name, bytes] of files) {
    if (!isHdf5(bytes)) continue;
    const file = await readHdf5(bytes, `"${name}"`);
    if (file.config === null)
      throw new AppError(
        'invalid_data',
        `"${name}" holds weights alone. Save the whole model: model.save("model.keras").`,
      );
    return fromKeras('hdf5', readKerasConfig(parse(Buffer.from(file.config), 'Its model_config')), file.arrays);
  }
  const described = files.get('model.json');
  if (described) {
    const json = parse(described, 'model.json') as {
      format?: unknown;
      modelTopology?: unknown;
      weightsManifest?: unknown;
    };
    if (json.format === 'graph-model')
      throw new AppError(
        'unsupported',
        'This is a TensorFlow.js graph model, which has no layers any more. Convert it as a layers model.',
      );
    if (json.modelTopology)
      return fromKeras('tfjs', readKerasConfig(json.modelTopology), readTfjsArrays(json.weightsManifest, files));
  }
  const tensors = [...files].find(([name]) => name.endsWith('.safetensors'));
  if (tensors) return fromSafetensors(tensors[0], tensors[1], files);
  throw new AppError('unsupported', `No model was found in ${[...uploaded.keys()].join(', ')}. Upload ${FORMATS}.`);
}

function fromKeras(format: ImportFormat, { spec, weights }: KerasModel, arrays: KerasArrays): ReadModel {
  const named = new Map<string, SafeTensor>();
  const shapes = new Map(plannedWeights(planModel(spec.model, spec.input)).map((w) => [w.name, w.shape]));
  const numbers = [...shapes.values()].reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
  if (numbers > MAX_WEIGHTS)
    throw new AppError('too_large', `The model has ${count(numbers)} weights; ${count(MAX_WEIGHTS)} can be taken.`);
  for (const { keras, names, constants } of weights) {
    const given = arrays.get(keras) ?? [];
    if (given.length !== names.length)
      throw new AppError(
        'invalid_data',
        `Layer "${keras}" has ${names.length} arrays of weights; the file holds ${given.length}.`,
      );
    names.forEach((name, i) => {
      named.set(name, given[i]!);
    });
    for (const { name, value } of constants) {
      const shape = shapes.get(name)!;
      const data = new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value);
      named.set(name, { shape, dtype: 'float32', data });
    }
  }
  return checked(format, spec, named);
}

function fromSafetensors(name: string, bytes: Buffer, files: Files): ReadModel {
  const { tensors, metadata } = decodeSafetensors(bytes, `"${name}"`);
  const beside = [...files].find(([other]) => other.endsWith('.json'));
  const given = beside
    ? parse(beside[1], beside[0])
    : metadata.spec === undefined
      ? null
      : parse(Buffer.from(metadata.spec), 'spec');
  const spec = importedSpecSchema.safeParse(given);
  if (!spec.success) {
    const issue = spec.error.issues[0]!;
    throw new AppError(
      'invalid_data',
      `Weights need the model that they belong to: a JSON file {"model": {"layers": [...]}, "input": {"kind": "image", "height", "width", "channels"}} beside them, or the same text as metadata "spec". ${given === null ? 'There is none.' : `At ${issue.path.join('/') || 'the top'}: ${issue.message}.`}`,
    );
  }
  return checked('safetensors', spec.data, tensors);
}

/** Every weight that the model has, in its shape; throws AppError invalid_data that lists the rest. What is over is left out. */
function checked(format: ImportFormat, spec: ImportedSpec, given: ReadonlyMap<string, SafeTensor>): ReadModel {
  const weights = new Map<string, SafeTensor>();
  const items: ErrorItem[] = [];
  let parameters = 0;
  for (const { name, shape } of plannedWeights(planModel(spec.model, spec.input))) {
    const tensor = given.get(name);
    const wanted = `float32 [${shape.join(', ')}]`;
    if (!tensor) items.push({ path: name, message: `${name} is missing` });
    else if (tensor.dtype !== 'float32' || tensor.shape.join() !== shape.join())
      items.push({
        path: name,
        message: `${name} is ${tensor.dtype} [${tensor.shape.join(', ')}], its layer wants ${wanted}`,
      });
    else if (!(tensor.data as Float32Array).every(Number.isFinite))
      items.push({ path: name, message: `${name} holds a number that is not finite` });
    else {
      weights.set(name, tensor);
      parameters += tensor.data.length;
    }
  }
  if (items.length > 0)
    throw new AppError('invalid_data', `The weights do not fit the model: ${items[0]!.message}.`, { items });
  return { format, spec, weights, parameters };
}

function isHdf5(bytes: Uint8Array): boolean {
  return [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, i) => bytes[i] === byte);
}

function parse(bytes: Buffer, what: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new AppError('invalid_data', `${what} is not JSON.`, { cause });
  }
}
