/** Differences between two configurations as flat paths: what a person changed, and nothing else. */

export interface ConfigChange {
  /** e.g. "optimizer.kind" or "layers.dense1.units" */
  path: string;
  /** undefined where the side has no such path */
  before: string | undefined;
  after: string | undefined;
}

/**
 * Every leaf of a configuration by its path. Layers go by their name, so that one inserted layer is one change and does not shift the rest;
 * nameless ones by their number. What is off (null, and an augmentation of 0 or false) has no leaf. O(leaves).
 */
export function flattenConfig(value: unknown): Map<string, string> {
  const flat = new Map<string, string>();
  walk(value, '', flat);
  return flat;
}

function walk(value: unknown, path: string, flat: Map<string, string>): void {
  if (Array.isArray(value) && value.some((v) => typeof v === 'object' && v !== null)) {
    value.forEach((v, i) => {
      const named =
        typeof v === 'object' && v !== null && 'name' in v && typeof v.name === 'string' ? v.name : `${i + 1}`;
      walk(v, `${path}.${named}`, flat);
    });
  } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, v] of Object.entries(value)) {
      if (key === 'name' || v === undefined) continue;
      const short = key === 'model' && path === '' ? '' : key;
      walk(v, path && short ? `${path}.${short}` : path || short, flat);
    }
  } else if (value !== null && !(path.startsWith('augmentation.') && !value)) {
    flat.set(path, typeof value === 'string' ? value : JSON.stringify(value));
  }
}

/** Sorted by path. diffConfigs(a, a) is empty; diffConfigs(b, a) mirrors diffConfigs(a, b). */
export function diffConfigs(before: unknown, after: unknown): ConfigChange[] {
  const a = flattenConfig(before);
  const b = flattenConfig(after);
  const paths = [...new Set([...a.keys(), ...b.keys()])].sort();
  return paths
    .filter((path) => a.get(path) !== b.get(path))
    .map((path) => ({ path, before: a.get(path), after: b.get(path) }));
}

/** The paths whose value is not the same in all of `configs`, sorted: the columns that tell runs apart. */
export function varyingPaths(configs: readonly unknown[]): string[] {
  const flats = configs.map(flattenConfig);
  const paths = [...new Set(flats.flatMap((flat) => [...flat.keys()]))].sort();
  return paths.filter((path) => flats.some((flat) => flat.get(path) !== flats[0]?.get(path)));
}
