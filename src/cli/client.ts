import type { z } from 'zod';
import { AppError, ERROR_CODES, type ErrorCode, type ErrorItem } from '#core/errors.ts';
import type { Credentials } from './credentials.ts';

export type Query = Record<string, string | number | undefined>;

/** The server's REST API as functions; its problem documents come back as AppErrors. */
export class Client {
  readonly url: string;
  readonly #token: string;

  constructor({ url, token }: Credentials) {
    this.url = url.replace(/\/+$/, '');
    this.#token = token;
  }

  get headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#token}` };
  }

  async get<S extends z.ZodType>(path: string, schema: S, query: Query = {}): Promise<z.output<S>> {
    return read(await this.request('GET', path, { query }), schema);
  }

  async post<S extends z.ZodType>(path: string, schema: S, body?: unknown, query: Query = {}): Promise<z.output<S>> {
    return read(await this.request('POST', path, { body, query }), schema);
  }

  /** Every item of a list, page after page. */
  async *list<T>(path: string, schema: z.ZodType<{ items: T[]; nextCursor: string | null }>, query: Query = {}) {
    let cursor: string | undefined;
    do {
      const page: { items: T[]; nextCursor: string | null } = await this.get(path, schema, { ...query, cursor });
      yield* page.items;
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }

  /** As list, all in one array. */
  async all<T>(
    path: string,
    schema: z.ZodType<{ items: T[]; nextCursor: string | null }>,
    query: Query = {},
  ): Promise<T[]> {
    const items: T[] = [];
    for await (const item of this.list(path, schema, query)) items.push(item);
    return items;
  }

  /** @throws AppError with the server's code, or unavailable where nobody answers */
  async request(method: string, path: string, options: { query?: Query; body?: unknown } = {}): Promise<Response> {
    const url = new URL(`${this.url}/api/v1${path}`);
    for (const [name, value] of Object.entries(options.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const form = options.body instanceof FormData ? options.body : undefined;
    const json = options.body !== undefined && !form;
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        headers: { ...this.headers, ...(json ? { 'content-type': 'application/json' } : {}) },
        body: json ? JSON.stringify(options.body) : form,
        // A redirect to another host would carry the token there.
        redirect: 'error',
      });
    } catch (error) {
      const cause = (error as { cause?: { code?: string; message?: string } }).cause;
      throw new AppError(
        'unavailable',
        `No answer from ${this.url} (${cause?.code || cause?.message || 'network error'}). Is the server running, and is the address right?`,
      );
    }
    if (!response.ok) throw await problemOf(response);
    return response;
  }
}

async function read<S extends z.ZodType>(response: Response, schema: S): Promise<z.output<S>> {
  const parsed = schema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new AppError(
    'unavailable',
    `${new URL(response.url).origin} answers in a form that this version of holdout doesn't know (/${path.join('/')}: ${message}). Use the command that belongs to the server.`,
  );
}

async function problemOf(response: Response): Promise<AppError> {
  const problem = (await response.json().catch(() => null)) as {
    code?: string;
    detail?: string;
    items?: ErrorItem[];
  } | null;
  if (problem?.code && problem.code in ERROR_CODES) {
    return new AppError(problem.code as ErrorCode, problem.detail ?? '', { items: problem.items });
  }
  const { origin } = new URL(response.url);
  return new AppError(
    'unavailable',
    `${origin} answers ${response.status} without saying why. Is it a Holdout server?`,
  );
}
