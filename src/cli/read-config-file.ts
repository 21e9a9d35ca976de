import { readFile } from 'node:fs/promises';
import { problemsOf } from '#core/config/read-config.ts';
import { type RunConfig, runConfigSchema } from '#core/config/run-config.ts';
import { AppError } from '#core/errors.ts';
import { lineOf, parseJsonText } from '#core/format/json-text.ts';

export interface ConfigFile {
  /** as it is written: what it leaves out may come from a preset */
  written: object;
  /** with the defaults of what it does hold */
  config: Partial<RunConfig>;
}

/**
 * A configuration, or part of it; - is standard input. It is checked before a preset is put around it: beside the
 * preset's "epochs" nobody could tell any more what "epoch" is meant to be.
 * @param whole nothing is put around it, so it must have every key that has no default
 * @throws AppError bad_request that names the file, and the line of each mistake
 */
export async function readConfigFile(file: string, { whole = false } = {}): Promise<ConfigFile> {
  const name = file === '-' ? 'standard input' : file;
  const json = parseJsonText(await textOf(file));
  if (!json.ok)
    throw new AppError(
      'bad_request',
      `${name} is not JSON: line ${json.line}, column ${json.column}: ${json.message}.`,
    );
  const { value, lines } = json;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new AppError('bad_request', `${name} must hold one JSON object, such as {"epochs": 12}.`);
  const parsed = (whole ? runConfigSchema : runConfigSchema.partial()).safeParse(value);
  if (parsed.success) return { written: value, config: parsed.data };
  const items = problemsOf(parsed.error.issues, value).map(({ path, message }) => ({
    path: `${name}, line ${lineOf(lines, path)}`,
    message: whole && path === '/model' && !('model' in value) ? `${message}, or say --preset` : message,
  }));
  const [first] = items;
  const words =
    items.length === 1 ? `${first!.path}: ${first!.message}` : `${name} is wrong in ${items.length} places:`;
  throw new AppError('bad_request', words, { items });
}

async function textOf(file: string): Promise<string> {
  return readFile(file === '-' ? '/dev/stdin' : file, 'utf8').catch((error: Error) => {
    throw new AppError('bad_request', `Can't read ${file}: ${error.message}.`);
  });
}
