import type { Dataset, Group } from 'h5wasm';
import { AppError } from '#core/errors.ts';
import type { SafeTensor } from '#core/format/safetensors.ts';

/** By Keras's name of the layer, in Keras's order. */
export type KerasArrays = Map<string, SafeTensor[]>;
export interface Hdf5Model {
  /** the attribute `model_config` of a whole model in one file */
  config: string | null;
  arrays: KerasArrays;
}

/** Numbers of one model: as float32 they fill the largest upload. A file that is compressed may claim far more. */
export const MAX_WEIGHTS = 2 ** 26;
const MAX_GROUPS = 20_000;
const MAX_DEPTH = 24;

/**
 * A Keras HDF5 file: `model.weights.h5` of an archive (layers/../vars/0) or a whole model (model_weights/../kernel).
 * The library's build for browsers has a file system in memory alone, so links and external storage in the file lead nowhere.
 * Throws AppError invalid_data.
 */
export async function readHdf5(bytes: Uint8Array, what: string): Promise<Hdf5Model> {
  // 4 MB of WebAssembly that only imports need.
  const hdf5 = await import('h5wasm');
  const { FS } = await hdf5.ready;
  const place = `${crypto.randomUUID()}.h5`;
  FS.writeFile(place, bytes);
  try {
    const file = new hdf5.File(place, 'r');
    try {
      const config = file.attrs.model_config?.value;
      return { config: typeof config === 'string' ? config : null, arrays: new Reader(hdf5, what).arrays(file) };
    } finally {
      file.close();
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('invalid_data', `${what} can't be read as HDF5. Save the model again and retry.`, { cause });
  } finally {
    FS.unlink(place);
  }
}

class Reader {
  readonly #hdf5: typeof import('h5wasm');
  readonly #what: string;
  #numbers = 0;
  #groups = 0;

  constructor(hdf5: typeof import('h5wasm'), what: string) {
    this.#hdf5 = hdf5;
    this.#what = what;
  }

  arrays(file: Group): KerasArrays {
    const found: KerasArrays = new Map();
    const whole = this.#group(file.get('model_weights'));
    if (whole) this.#legacy(whole, found);
    else this.#walk(file, found, 0);
    return found;
  }

  /** Keras 3: every layer's group has a group "vars", which says the layer's name. */
  #walk(group: Group, found: KerasArrays, depth: number): void {
    if (depth > MAX_DEPTH || ++this.#groups > MAX_GROUPS) throw this.#bad('is nested too deep');
    const vars = this.#group(group.get('vars'));
    const name = vars?.attrs.name?.value;
    if (vars && typeof name === 'string' && !found.has(name)) {
      const keys = vars.keys().filter((key) => /^\d+$/.test(key));
      found.set(
        name,
        keys.sort((a, b) => Number(a) - Number(b)).map((key) => this.#array(vars.get(key), `${name}/${key}`)),
      );
    }
    for (const key of group.keys()) {
      const inner = key === 'vars' ? null : this.#group(group.get(key));
      if (inner) this.#walk(inner, found, depth + 1);
    }
  }

  /** Keras 2, and whole models in one file: each layer's group lists its weights. */
  #legacy(group: Group, found: KerasArrays): void {
    for (const name of group.keys()) {
      const layer = this.#group(group.get(name));
      const names = layer?.attrs.weight_names?.value;
      if (!layer || !Array.isArray(names)) continue;
      found.set(
        name,
        names.map((weight) => this.#array(layer.get(String(weight)), String(weight))),
      );
    }
  }

  #array(entity: unknown, name: string): SafeTensor {
    const dataset = entity instanceof this.#hdf5.Dataset ? (entity as Dataset) : null;
    if (!dataset) throw this.#bad(`has no array "${name}"`);
    const shape = dataset.shape ?? [];
    this.#numbers += shape.reduce((a, b) => a * b, 1);
    if (this.#numbers > MAX_WEIGHTS) throw this.#bad('holds more than 67 million weights');
    // Before it is read: strings, or numbers of another kind, may take many times the memory.
    if (!/^[<>][fd]$/.test(String(dataset.dtype))) throw this.#bad(`holds "${name}" in another type than float32`);
    const { value } = dataset;
    if (value instanceof Float32Array) return { shape, dtype: 'float32', data: value };
    if (value instanceof Float64Array) return { shape, dtype: 'float32', data: Float32Array.from(value) };
    throw this.#bad(`holds "${name}" in another type than float32`);
  }

  #group(entity: unknown): Group | null {
    return entity instanceof this.#hdf5.Group ? (entity as Group) : null;
  }

  #bad(problem: string): AppError {
    return new AppError('invalid_data', `${this.#what} ${problem}. Save the model again and retry.`);
  }
}
