import { CommanderError } from 'commander';
import { AppError, ERROR_CODES } from '#core/errors.ts';

/** A command that did its work, but whose run or data set came to a bad end. */
export const EXIT_ENDED_BADLY = 1;
/** Ctrl-C, as shells have it: 128 + SIGINT. */
export const EXIT_INTERRUPTED = 130;

export function exitCodeOf(error: unknown): number {
  if (error instanceof AppError) return ERROR_CODES[error.code].exit;
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : ERROR_CODES.bad_request.exit;
  return ERROR_CODES.internal.exit;
}

/** The text of `holdout help exit-codes`: sysexits(3), from the one table of errors. */
export function exitCodesText(): string {
  const byExit = new Map<number, string[]>([
    [0, ['It worked']],
    [EXIT_ENDED_BADLY, ['The run that was followed failed, or the certificate is not genuine']],
  ]);
  for (const [code, { exit, title }] of Object.entries(ERROR_CODES)) {
    byExit.set(exit, [...(byExit.get(exit) ?? []), `${title} (${code})`]);
  }
  byExit.set(EXIT_INTERRUPTED, ['Ctrl-C: what was started on the server goes on']);
  const lines = [...byExit]
    .sort(([a], [b]) => a - b)
    .map(([exit, titles]) => `${String(exit).padStart(5)}  ${titles.join('; ')}`);
  return `Exit codes\n${lines.join('\n')}\n`;
}
