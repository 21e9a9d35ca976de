import type { z } from 'zod';
import { wordsOf } from '#core/config/read-config.ts';
import { AppError } from '#core/errors.ts';

/** A thousand points in one request take 60 kB; a configuration some 20 kB. */
export const MAX_JSON_BYTES = 4 * 1024 * 1024;

/**
 * The JSON of a request, read no further than the limit.
 * @throws AppError unsupported, too_large or bad_request
 */
export async function readJson(request: Request, schema: z.ZodType): Promise<unknown> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new AppError('unsupported', 'Send the body as JSON, with the header Content-Type: application/json.');
  }
  const text = await readText(request);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new AppError('bad_request', `The body is not JSON: ${(error as Error).message}.`);
  }
  return check(schema, json, 'body');
}

/** The query's parameters; each at most once, and only those that the route names. */
export function readQuery(url: URL, schema: z.ZodObject | undefined): unknown {
  const values: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    if (name in values) throw new AppError('bad_request', `The parameter "${name}" is given twice. Give it once.`);
    if (!schema || !(name in schema.shape)) {
      const names = Object.keys(schema?.shape ?? {});
      throw new AppError(
        'bad_request',
        `There is no parameter "${name}" here. ${names.length > 0 ? `There are: ${names.join(', ')}.` : 'There are none.'}`,
      );
    }
    values[name] = value;
  }
  return schema && check(schema, values, 'query');
}

/** @throws AppError bad_request, with one item a place: /body/layers/0/units */
function check(schema: z.ZodType, value: unknown, where: 'body' | 'query'): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const items = parsed.error.issues.map((issue) => ({
    path: `/${[where, ...issue.path].map(String).join('/')}`,
    message: issue.path[0] === 'config' ? configWords(issue, value) : issue.message,
  }));
  const [first] = items;
  const what = items.length === 1 ? `: ${first!.path}: ${first!.message}` : ` in ${items.length} places`;
  throw new AppError('bad_request', `The ${where} does not fit${what}.`, { items });
}

/** As the launch form tells it: of the configuration, from its own top. */
function configWords(issue: z.core.$ZodIssue, body: unknown): string {
  return wordsOf({ ...issue, path: issue.path.slice(1) }, (body as { config: unknown }).config);
}

async function readText(request: Request): Promise<string> {
  const limit = () =>
    new AppError('too_large', `The body is larger than ${MAX_JSON_BYTES / 1024 ** 2} MB. Send it in smaller parts.`);
  if (Number(request.headers.get('content-length') ?? 0) > MAX_JSON_BYTES) throw limit();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_JSON_BYTES) throw limit();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
