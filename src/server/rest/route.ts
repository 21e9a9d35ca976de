import type { z } from 'zod';
import type { FileBlobs } from '#db/blobs/index.ts';
import type { Db } from '#db/client.ts';
import type { TokenScope } from '#db/generated/enums.ts';
import type { Actor } from '../actor.ts';

/** One line of the REST table: what checks the input, what is answered, and the one use case in between. */

type ParamsOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { [K in Name]: string } & ParamsOf<Rest>
  : unknown;
type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
/** What a handler may return for a field: dates and bigints are written as ISO 8601 and numbers. */
type Loose<T> = T extends string
  ? string | Date
  : T extends number
    ? number | bigint
    : T extends readonly (infer I)[]
      ? readonly Loose<I>[]
      : T extends object
        ? { [K in keyof T]: Loose<T[K]> }
        : T;

/** What use cases work on. */
export interface Services {
  db: Db;
  blobs: FileBlobs;
}

interface RestContext<Path extends string, Q, B> extends Services {
  actor: Actor;
  params: ParamsOf<Path>;
  query: Parsed<Q>;
  body: Parsed<B>;
  request: Request;
}

interface RouteSpec<
  Path extends string,
  Q extends z.ZodObject | undefined,
  B extends z.ZodType | undefined,
  R extends z.ZodType | undefined,
> {
  method: 'GET' | 'POST' | 'DELETE';
  /** below /api/v1, with parameters as in OpenAPI: /projects/{projectId} */
  path: Path;
  operationId: string;
  tag: string;
  summary: string;
  description?: string;
  /** `public` needs nobody, `any` a session or a token of any scope, a scope that scope (a session has each). */
  access: 'public' | 'any' | TokenScope;
  query?: Q;
  /** JSON body, at most `MAX_JSON_BYTES` */
  body?: B;
  /** The body is not JSON: the use case reads `request.body` as it comes and bounds it. */
  rawBody?: string;
  status?: 200 | 201 | 202;
  /** JSON answer; fields that it doesn't name never leave. */
  response?: R;
  /** Other media types, which the handler answers with a Response of its own. */
  media?: readonly string[];
  handler(context: RestContext<Path, Q, B>): Promise<Response | Loose<Parsed<R>>>;
}

/** A route whose types are forgotten: what the dispatcher and the OpenAPI document read. */
export interface Route extends Omit<RouteSpec<string, z.ZodObject, z.ZodType, z.ZodType>, 'handler'> {
  handler(
    context: Services & {
      actor: Actor | null;
      params: Record<string, string>;
      query: unknown;
      body: unknown;
      request: Request;
    },
  ): Promise<unknown>;
}

/** Keeps the handler's types honest against the schemas beside it. */
export function route<
  const Path extends string,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
  R extends z.ZodType | undefined = undefined,
>(spec: RouteSpec<Path, Q, B, R>): Route {
  return spec as unknown as Route;
}
