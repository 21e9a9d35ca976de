import { AppError, ERROR_CODES, type ErrorCode, type ErrorItem } from '#core/errors.ts';

/** An error as a problem document (RFC 9457), with our code and, where several places are wrong, `items`. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  items?: ErrorItem[];
  /** only where the log says more */
  instance?: string;
}

export function problemResponse(error: unknown, where: string, headers: Record<string, string> = {}): Response {
  const body = problemOf(error, where);
  return new Response(`${JSON.stringify(body)}\n`, {
    status: body.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(body.status === 401 ? { 'www-authenticate': 'Bearer realm="holdout"' } : {}),
      ...headers,
    },
  });
}

/** Answers for what nobody foresaw are masked; the log has the rest under an id that the caller sees. */
function problemOf(error: unknown, where: string): Problem {
  const known = error instanceof AppError ? error : null;
  const code = known?.code ?? 'internal';
  const { http: status, title } = ERROR_CODES[code];
  const base = { type: `urn:holdout:problem:${code}`, title, status, code };
  if (known && status < 500) {
    return { ...base, detail: known.message, ...(known.items.length > 0 ? { items: known.items } : {}) };
  }
  const id = crypto.randomUUID().slice(0, 8);
  console.error(`[error ${id}] rest ${where}`, known?.details ?? '', error);
  const detail = known && code !== 'internal' ? known.message : `Something broke here. It is in the log as ${id}.`;
  return { ...base, detail, instance: `urn:holdout:error:${id}` };
}
