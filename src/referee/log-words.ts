/**
 * What the referee's log may say of an error that nobody foresaw: its message and place. Not its fields: Postgres puts
 * the whole row that it refuses into `detail`, and here such a row may hold a test score or the digest of all answers.
 */
export function logWords(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
