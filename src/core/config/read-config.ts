import type { z } from 'zod';
import type { DatasetSchema } from '../data/dataset-schema.ts';
import { AppError, type ErrorItem } from '../errors.ts';
import { lineOf, parseJsonText } from '../format/json-text.ts';
import { nearest } from '../format/nearest.ts';
import { type NamedSource, sourceIn } from '../transfer/new-head.ts';
import { checkConfig, type MemoryBudget } from './check-config.ts';
import { knownKeys } from './known-keys.ts';
import { meantKey, placeElsewhere } from './other-names.ts';
import { type RunConfig, runConfigSchema } from './run-config.ts';

/** What a person gives as a configuration, read and checked while they type: everything that is wrong, each with its place. */

export interface ConfigPlace {
  schema: DatasetSchema;
  trainItems: number;
  budget: MemoryBudget;
  /** what a run may start from; left out where that isn't known, so goes unchecked */
  sources?: readonly NamedSource[] | undefined;
}

export type ReadConfig<P extends ErrorItem = ErrorItem> =
  | { ok: true; config: RunConfig }
  | { ok: false; problems: P[] };

/** Fields first; what they mean together only once every field is right. O(layers). */
export function readConfig(value: unknown, { schema, trainItems, budget, sources }: ConfigPlace): ReadConfig {
  const parsed = runConfigSchema.safeParse(value);
  if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error.issues, value) };
  try {
    checkConfig(parsed.data, schema, trainItems, budget, sourceIn(sources, parsed.data));
    return { ok: true, config: parsed.data };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ok: false, problems: error.items.length > 0 ? error.items : [{ path: '', message: error.message }] };
  }
}

export interface LineProblem extends ErrorItem {
  line: number;
}

/** The same for text: each problem with its line. `around` puts the typed part into its place, e.g. layers into a configuration. */
export function readConfigText(
  text: string,
  place: ConfigPlace,
  around: { prefix: string; wrap: (value: unknown) => unknown } = { prefix: '', wrap: (value) => value },
): ReadConfig<LineProblem> {
  const json = parseJsonText(text);
  if (!json.ok)
    return {
      ok: false,
      problems: [{ path: '', line: json.line, message: `Column ${json.column}: ${json.message}.` }],
    };
  const read = readConfig(around.wrap(json.value), place);
  if (read.ok) return read;
  return {
    ok: false,
    problems: read.problems.map((problem) => {
      const inside = problem.path.startsWith(around.prefix) ? problem.path.slice(around.prefix.length) : '';
      return { ...problem, line: lineOf(json.lines, inside) };
    }),
  };
}

/** What is wrong with a configuration in words, each with its place. `value` is the whole that was read. */
export function problemsOf(issues: readonly z.core.$ZodIssue[], value: unknown): ErrorItem[] {
  const unknown = issues.filter((issue) => issue.code === 'unrecognized_keys');
  // What is written in other letters doesn't lack as well.
  const meant = new Set(
    unknown.flatMap(({ path, keys }) => keys.map((key) => pointer([...path, meantBy(key, path, value) ?? key]))),
  );
  return issues
    .filter((issue) => issue.code === 'unrecognized_keys' || !meant.has(pointer(issue.path)))
    .flatMap((issue) => {
      // A layer is told by its line.
      const name = issue.path.slice(issue.path.findLastIndex((key) => typeof key === 'number') + 1).join('.');
      const where = name === '' ? '' : `${name}: `;
      const apart = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ ...issue, keys: [key] })) : [issue];
      return apart.map((one) => ({
        path: pointer('keys' in one ? [...one.path, ...one.keys] : one.path),
        message: `${where}${wordsOf(one, value)}`,
      }));
    });
}

/** One of them without its place: "must be at least 1". */
export function wordsOf(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === 'unrecognized_keys')
    return issue.keys
      .map((key) => {
        const meant = meantBy(key, issue.path, value);
        const place = meant ? `did you mean "${meant}"?` : placeElsewhere(key, issue.path);
        return `has no "${key}"; ${place ?? 'check the spelling'}`;
      })
      .join(', ');
  return words(issue, valueAt(value, issue.path));
}

/** The key that an unknown one may be meant to be: none that stands beside it already. */
function meantBy(key: string, path: readonly PropertyKey[], value: unknown): string | null {
  const given = Object.keys(valueAt(value, path) ?? {});
  const free = knownKeys(runConfigSchema, value, path).filter((known) => !given.includes(known));
  return meantKey(key, free);
}

function pointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function words(issue: z.core.$ZodIssue, got: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return got === undefined
        ? `is missing; give ${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`
        : `must be a ${issue.expected === 'int' ? 'whole number' : issue.expected}`;
    case 'unrecognized_keys':
      return `has no ${issue.keys.map((k) => `"${k}"`).join(', ')}; check the spelling`;
    case 'too_small':
      return `must be ${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}`;
    case 'too_big':
      return `must be ${issue.inclusive ? 'at most' : 'below'} ${issue.maximum}`;
    case 'invalid_value':
      return oneOf(issue.values, got);
    case 'invalid_union': {
      const options = 'options' in issue ? (issue.options as unknown[]) : [];
      if (options.length > 0) return oneOf(options, got);
      const first = issue.errors?.[0]?.[0];
      return first ? words(first as z.core.$ZodIssue, got) : issue.message;
    }
    default:
      return issue.message;
  }
}

/** With the wrong word, and what it may be meant to be. */
function oneOf(known: readonly unknown[], got: unknown): string {
  const words = known.map(String);
  const not = typeof got === 'string' ? `, not "${got}"` : '';
  const meant = typeof got === 'string' ? nearest(got, words) : null;
  return `must be one of ${words.join(', ')}${not}${meant === null ? '' : `; did you mean "${meant}"?`}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (v, key) => (typeof v === 'object' && v !== null ? (v as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
}
