import { AppError, type ErrorCode, type ErrorItem } from '#core/errors.ts';

/** An error between two processes: a copy of its object would lose what makes an AppError one. */
export interface ErrorMessage {
  message: string;
  stack: string | undefined;
  cause: unknown;
  /** of an AppError */
  app: { code: ErrorCode; items: ErrorItem[]; details: Record<string, unknown> | undefined } | null;
}

export function toMessage(error: unknown): ErrorMessage {
  const { message, stack, cause } = error instanceof Error ? error : new Error(String(error));
  const app = error instanceof AppError ? { code: error.code, items: error.items, details: error.details } : null;
  // Causes are for the log, and not every error can be copied.
  return { message, stack, cause: cause instanceof Error ? cause.stack : cause && String(cause), app };
}

/** The error again; its stack names the place in the process that it comes from. */
export function fromMessage({ message, stack, cause, app }: ErrorMessage): Error {
  const error = app ? new AppError(app.code, message, { ...app, cause }) : new Error(message, { cause });
  error.stack = stack;
  return error;
}
