/**
 * Every error that a person can cause or meet has one code here. The table is the only place that
 * maps a code to an HTTP status (RFC 9110), a tRPC code and a CLI exit code (sysexits where one fits).
 */
export const ERROR_CODES = {
  bad_request: { http: 400, trpc: 'BAD_REQUEST', exit: 64, title: 'The request is not valid' },
  unauthenticated: { http: 401, trpc: 'UNAUTHORIZED', exit: 77, title: 'Sign in first' },
  forbidden: { http: 403, trpc: 'FORBIDDEN', exit: 77, title: 'Not allowed' },
  not_found: { http: 404, trpc: 'NOT_FOUND', exit: 66, title: 'Not found' },
  method_not_allowed: { http: 405, trpc: 'METHOD_NOT_SUPPORTED', exit: 64, title: 'Not possible with this method' },
  conflict: { http: 409, trpc: 'CONFLICT', exit: 75, title: 'Not possible in this state' },
  too_large: { http: 413, trpc: 'PAYLOAD_TOO_LARGE', exit: 65, title: 'Too large' },
  unsupported: { http: 415, trpc: 'UNSUPPORTED_MEDIA_TYPE', exit: 65, title: 'Format not supported' },
  invalid_data: { http: 422, trpc: 'UNPROCESSABLE_CONTENT', exit: 65, title: 'The data is not valid' },
  too_many: { http: 429, trpc: 'TOO_MANY_REQUESTS', exit: 75, title: 'Too many attempts' },
  internal: { http: 500, trpc: 'INTERNAL_SERVER_ERROR', exit: 70, title: 'Something broke here' },
  unavailable: { http: 503, trpc: 'SERVICE_UNAVAILABLE', exit: 69, title: 'Not available now' },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** One thing that is wrong, and where: `path` is a JSON pointer, `file:line`, or a field's name. */
export interface ErrorItem {
  path: string;
  message: string;
}

/**
 * An error with a message for the person: it names the place, what is wrong and how to mend it.
 * `items` lists several places; `details` goes to the log only.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly items: ErrorItem[];
  readonly details: Record<string, unknown> | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { items?: ErrorItem[]; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.items = options.items ?? [];
    this.details = options.details;
  }
}

/** What a stranger's object and one that does not exist both answer, word for word. */
export function notFound(what: string): AppError {
  return new AppError('not_found', `There is no such ${what}, or you can't see it.`);
}
